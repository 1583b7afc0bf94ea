"""Logs of samples for tests of the pipeline: rows, ticks and events, as blocks cut in any way."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import orjson

from streams.blocks import SampleBlock, encode_block
from streams.events import Event, EventRecord, encode_event
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.schema import EventKind
from streams.series import entity_of, labels_text, parse_series
from streams.settings.model import Settings
from streams.silence import SilenceRecord, encode_silence

MINUTE_MS = 60_000
T_MS = 1_699_999_200_000
"""Begins a minute, an hour, and an interval of any number of minutes that divides an hour."""

ENTITY = frozenset({"host"})
SOURCE = ("telemetry", 0)
EVENTS = ("foreshock.events", 0)

PLAIN = {"topic": "telemetry", "step": "1m", "entity": ["host"]}

Source = tuple[str, int]


class Row(NamedTuple):
    """One sample, with the place in its source partition."""

    source: Source
    offset: int
    series: str
    timestamp_ms: int
    value: float


class Tick(NamedTuple):
    """A source partition has reached an event time."""

    source: Source
    watermark_ms: int


Control = EventRecord | SilenceRecord
Log = Sequence[Row | Tick | Control]


def settings(**sections: Any) -> Settings:
    """Settings of one plain source of one-minute steps, and whatever a test changes."""
    plain = {
        "sources": [PLAIN],
        "topics": {"partitions": 1},
        "forecast": {"horizon": 4, "emit_every": 3},
    }
    return Settings.model_validate(plain | sections)


def pipeline(**sections: Any) -> PartitionPipeline:
    return PartitionPipeline(PipelineConfig.from_settings(settings(**sections)))


def rows(samples: Iterable[tuple[str, float, float]], source: Source = SOURCE, first_offset: int = 0) -> list[Row]:
    """Rows of (series, minute, value), one message each."""
    return [
        Row(source, first_offset + place, series, T_MS + round(minute * MINUTE_MS), value)
        for place, (series, minute, value) in enumerate(samples)
    ]


def tick(minute: float, source: Source = SOURCE) -> Tick:
    return Tick(source, T_MS + round(minute * MINUTE_MS))


def event(since: float, until: float | None, offset: int = 0, **changes: Any) -> EventRecord:
    """An incident of everything between two minutes, with changes."""
    start_ms, end_ms = T_MS + round(since * MINUTE_MS), None if until is None else T_MS + round(until * MINUTE_MS)
    fields: dict[str, Any] = {"id": "e", "kind": EventKind.INCIDENT, "start_ms": start_ms, "end_ms": end_ms}
    fields |= {"metric": "*", "labels": {}, "learn": False, "cancelled": False, "title": "", "description": ""}
    fields["judge"] = True
    return EventRecord(*EVENTS, offset, Event(**fields | changes))


def blocks(log: Log, cuts: Collection[int] = ()) -> list[SampleBlock | Control]:
    """The log as blocks, as long as they may be: a block has one source, rising offsets and no row after its tick.

    `cuts` are places in the log where a new block begins though it need not.
    """
    found: list[SampleBlock | Control] = []
    piece: list[Row] = []
    for place, item in enumerate(log):
        if piece and (place in cuts or _ends_block(item, piece[-1])):
            found.append(_block(piece[0].source, piece, None))
            piece = []
        if isinstance(item, Control):
            found.append(item)
        elif isinstance(item, Row):
            piece.append(item)
        else:
            found.append(_block(item.source, piece, item.watermark_ms))
            piece = []
    return [*found, _block(piece[0].source, piece, None)] if piece else found


def _ends_block(item: Row | Tick | Control, last: Row) -> bool:
    """Whether an item can't be in the block of the row before it."""
    if isinstance(item, Control) or item.source != last.source:
        return True
    return isinstance(item, Row) and item.offset <= last.offset


def _block(source: Source, piece: Sequence[Row], watermark_ms: int | None) -> SampleBlock:
    series = list(dict.fromkeys(row.series for row in piece))
    return SampleBlock(
        *source,
        watermark_ms,
        series,
        [labels_text(entity_of(parse_series(name).labels, ENTITY)) for name in series],
        index=np.array([series.index(row.series) for row in piece], np.int64),
        offset=np.array([row.offset for row in piece], np.int64),
        row=np.zeros(len(piece), np.int64),
        timestamp_ms=np.array([row.timestamp_ms for row in piece], np.int64),
        value=np.array([row.value for row in piece], np.float64),
    )


def records(log: Log, cuts: Collection[int] = ()) -> list[InputRecord]:
    """The blocks of a log as the records of a samples partition."""
    return [InputRecord(offset, _encoded(item)) for offset, item in enumerate(blocks(log, cuts))]


def _encoded(item: SampleBlock | Control) -> bytes:
    if isinstance(item, SilenceRecord):
        return encode_silence(item)
    return encode_event(item) if isinstance(item, EventRecord) else encode_block(item)


def ingested(settings: Settings, documents: Sequence[object], batch: int = 1000) -> tuple[list[bytes], list[Any]]:
    """Messages through the ingest of one source partition: the blocks it makes, and its rejects."""
    ingest = Ingest(settings)
    messages = [
        InputRecord(offset, item if isinstance(item, bytes) else orjson.dumps(item))
        for offset, item in enumerate(documents)
    ]
    outputs = []
    for start in range(0, len(messages), batch):
        outputs += ingest.step(settings.sources[0].topic, 0, messages[start : start + batch])
    taken = [record.value or b"" for record in outputs if record.topic == settings.topics.samples]
    return taken, said(outputs, settings.topics.rejects)


def run(pipeline: PartitionPipeline, log: Log) -> list[OutputRecord]:
    """All records of a log read at once."""
    return pipeline.step_blocks(blocks(log))


def fed(pipeline: PartitionPipeline, inputs: Sequence[InputRecord], sizes: Iterable[int]) -> list[OutputRecord]:
    """All records of inputs read in steps of these sizes, and the rest at once."""
    outputs: list[OutputRecord] = []
    start = 0
    for size in sizes:
        outputs += pipeline.step(inputs[start : start + size])
        start += size
    return outputs + pipeline.step(inputs[start:])


def by_key(outputs: Iterable[OutputRecord]) -> Mapping[tuple[str, bytes], list[OutputRecord]]:
    """Records of each key in their order: what a topic's readers can tell apart."""
    keyed: dict[tuple[str, bytes], list[OutputRecord]] = defaultdict(list)
    for record in outputs:
        keyed[record.topic, record.key].append(record)
    return keyed


def predictions(outputs: Iterable[OutputRecord]) -> list[OutputRecord]:
    """Without signals, which are cut by the log's ticks and tell of several entities."""
    return [record for record in outputs if record.topic != "foreshock.signals"]


def state(pipeline: PartitionPipeline) -> dict[str, Any]:
    """The dump, without the number of blocks that were read."""
    dump: dict[str, Any] = dict(pipeline.dump())
    dump["head"] = orjson.loads(dump["head"]) | {"next_offset": None}
    return dump


def said(outputs: Iterable[OutputRecord], topic: str) -> list[Any]:
    """The values of a topic's records, decoded; None for a tombstone."""
    return [record.value and orjson.loads(record.value) for record in outputs if record.topic == topic]


def rejects(outputs: Iterable[OutputRecord]) -> list[tuple[int, str]]:
    """Offset and reason of what was rejected."""
    return [(each["source"]["offset"], each["reason"]) for each in said(outputs, "foreshock.rejects")]
