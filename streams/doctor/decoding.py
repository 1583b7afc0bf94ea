"""The sample through the real codecs: which formats there are, and the samples as columns."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from streams.blocks import FloatColumn, IntColumn
from streams.codecs.auto import format_of
from streams.codecs.document import parse
from streams.codecs.faults import Fault
from streams.codecs.registry import codec
from streams.doctor.sample import TopicSample
from streams.series import SeriesKey
from streams.settings.limits import LimitSettings

UNREADABLE, EMPTY, UNKNOWN = "not JSON", "no value", "JSON of no known format"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Samples in the order of partitions and offsets: [n rows]; `message` is the place in the sample's messages.

    Values that are not finite are left out: `rejects` of a trial run tell of them.
    """

    series: list[SeriesKey]
    index: IntColumn
    message: IntColumn
    timestamp_ms: IntColumn
    value: FloatColumn
    formats: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.index)


def decode(sample: TopicSample, limits: LimitSettings) -> Decoded:
    """Decode every message."""
    formats: Counter[str] = Counter()
    places: dict[SeriesKey, int] = {}
    index: list[int] = []
    message: list[int] = []
    times: list[int] = []
    values: list[float] = []
    for place, one in enumerate(sample.messages):
        name = _format(one.value)
        formats[name] += 1
        if name in (UNREADABLE, EMPTY, UNKNOWN) or one.value is None:
            continue
        columns = codec(name).decode(one.value, limits.rows_per_message)
        index += [places.setdefault(key, len(places)) for key in columns.series]
        message += [place] * len(columns.row)
        times += columns.timestamp_ms
        values += columns.value
    finite = np.isfinite(np.array(values, np.float64))
    return Decoded(
        series=list(places),
        index=np.array(index, np.int64)[finite],
        message=np.array(message, np.int64)[finite],
        timestamp_ms=np.array(times, np.int64)[finite],
        value=np.array(values, np.float64)[finite],
        formats=formats,
    )


def _format(value: bytes | None) -> str:
    if not value:
        return EMPTY
    document = parse(value)
    return UNREADABLE if type(document) is Fault else format_of(document) or UNKNOWN
