"""The records of the signals topic: what the entities of a samples partition say, for those who compare entities.

A record is columnar JSON. It is of one samples partition and goes to one signals partition, and with it all scopes that
belong there::

    {"v": 1, "kind": "signals", "partition": 3, "position": 17, "watermark_ms": 1700000000000 | null,
     "scope": ["{cluster=\\"a\\"}", ...], "entity": ["{host=\\"a\\"}", ...], "scope_of": [0, 0, ...],
                                     the distinct entities, and the place of the scope of each
     "metric": ["cpu", ...],
     "entity_of": [0, 0, 1], "metric_of": [0, 1, 0], "minute": [28333333, ...], "level": [0, 13, 2],
                                     one row for each entity, metric and minute: how far out, in eighths of a doubling
     "speaker": [[1, "cpu{host=\\"a\\"}", -7.5], ...],    of rows that are far out: the series, and how many scales it
                                                       was out in two minutes of the last four, at least
     "notices": [{...}, ...]}                           what was found or predicted of single series; `Notice`

`position` increases strictly from record to record between the two partitions: a reader skips what is at or below the
last one it has seen. `watermark_ms` says that the samples partition has reached that event time.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import orjson

from streams.contract.records.signals import NoticeFields, SignalsFields
from streams.events import INSTANT_MS_MAX
from streams.schema import SCHEMA_VERSIONS, RecordKind

MINUTE_MS = 60_000
LEVELS_PER_DOUBLING = 8
SPEAKING_LEVEL = 20
"""From two and a half doublings on, nearly five scales out, a row names its series, and says how much of it lasts."""

PARTITION_MAX = 2**31 - 1

IntColumn = npt.NDArray[np.int64]
Cell = TypeVar("Cell")


class Notice(NamedTuple):
    """Something that was found of a series, or is predicted of it.

    Attributes
    ----------
    kind
        Which kind of record says so, such as `failure`.
    about
        What it is about within that kind: a rule's name, or a kind of anomaly.
    until_ms
        It holds until then, unless it is said again.
    strength
        How sure or how severe, from 0 to 1.
    predicted
        It has not come yet.
    """

    scope: str
    entity: str
    series: str
    kind: str
    about: str
    at_ms: int
    until_ms: int
    strength: float
    text: str
    predicted: bool

    @property
    def name(self) -> str:
        """What it is known by: a newer notice of the same name takes its place."""
        return f"{self.kind}|{self.series}|{self.about}"


class Speaker(NamedTuple):
    """The series behind a row: of its entity's series of that metric the one that lasts the furthest out.

    `far` is how far that was, in more than one minute; what a row's level has beyond it was seen once.
    """

    row: int
    series: str
    far: float


@dataclass(frozen=True, slots=True)
class SignalRecord:
    """One record. Shapes: `entity`, `scope_of` [k entities]; `entity_of`, `metric_of`, `minute`, `level` [n rows]."""

    partition: int
    position: int
    watermark_ms: int | None
    scope: list[str]
    entity: list[str]
    scope_of: IntColumn
    metric: list[str]
    entity_of: IntColumn
    metric_of: IntColumn
    minute: IntColumn
    level: IntColumn
    speaker: list[Speaker]
    notices: list[Notice]


class BadSignalsError(ValueError):
    """A record of the signals topic that this version can't read."""


def encode_signals(record: SignalRecord) -> bytes:
    """The record as the signals topic carries it."""
    fields: SignalsFields = {
        "v": SCHEMA_VERSIONS[RecordKind.SIGNALS],
        "kind": RecordKind.SIGNALS,
        "partition": record.partition,
        "position": record.position,
        "watermark_ms": record.watermark_ms,
        "scope": record.scope,
        "entity": record.entity,
        "scope_of": record.scope_of,
        "metric": record.metric,
        "entity_of": record.entity_of,
        "metric_of": record.metric_of,
        "minute": record.minute,
        "level": record.level,
        "speaker": [(speaker.row, speaker.series, speaker.far) for speaker in record.speaker],
        "notices": [_notice_fields(notice) for notice in record.notices],
    }
    return orjson.dumps(fields, option=orjson.OPT_SERIALIZE_NUMPY)


def decode_signals(payload: bytes) -> SignalRecord:
    """Read a record back.

    Raises
    ------
    BadSignalsError
        If it is none of this version: others can write to the signals topic, too.
    """
    try:
        return _checked(_record_of(orjson.loads(payload)))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, BadSignalsError):
            raise
        raise BadSignalsError(f"not a record of the signals topic: {type(error).__name__}: {error}") from error


def _notice_fields(notice: Notice) -> NoticeFields:
    return {
        "scope": notice.scope,
        "entity": notice.entity,
        "series": notice.series,
        "kind": notice.kind,
        "about": notice.about,
        "at_ms": notice.at_ms,
        "until_ms": notice.until_ms,
        "strength": notice.strength,
        "text": notice.text,
        "predicted": notice.predicted,
    }


def _record_of(fields: dict[str, Any]) -> SignalRecord:
    if fields["v"] != SCHEMA_VERSIONS[RecordKind.SIGNALS] or fields["kind"] != RecordKind.SIGNALS:
        raise BadSignalsError(f"signals of version {fields['v']!r} and kind {fields['kind']!r} are not known here")
    return SignalRecord(
        partition=_of(int, fields["partition"]),
        position=_of(int, fields["position"]),
        watermark_ms=None if fields["watermark_ms"] is None else _of(int, fields["watermark_ms"]),
        scope=_names(fields["scope"]),
        entity=_names(fields["entity"]),
        scope_of=_column(fields["scope_of"]),
        metric=_names(fields["metric"]),
        entity_of=_column(fields["entity_of"]),
        metric_of=_column(fields["metric_of"]),
        minute=_column(fields["minute"]),
        level=_column(fields["level"]),
        speaker=[Speaker(_of(int, row), _of(str, series), _number(far)) for row, series, far in fields["speaker"]],
        notices=[notice_of(notice) for notice in fields["notices"]],
    )


def notice_of(fields: dict[str, Any]) -> Notice:
    """Read what `_asdict` made of a notice, which may have been through JSON; raises as `_record_of` does."""
    return Notice(
        scope=_of(str, fields["scope"]),
        entity=_of(str, fields["entity"]),
        series=_of(str, fields["series"]),
        kind=_of(str, fields["kind"]),
        about=_of(str, fields["about"]),
        at_ms=_instant(fields["at_ms"]),
        until_ms=_instant(fields["until_ms"]),
        strength=_number(fields["strength"]),
        text=_of(str, fields["text"]),
        predicted=_of(bool, fields["predicted"]),
    )


def _of(kind: type[Cell], cell: object) -> Cell:
    """The cell, which must be of that type and of no other: JSON's true is no number."""
    if type(cell) is not kind:
        raise BadSignalsError(f"signals have {cell!r:.80} where a value of type {kind.__name__} belongs")
    return cell


def _number(cell: object) -> float:
    if type(cell) not in (int, float) or not isfinite(float(cell)):  # type: ignore[arg-type]  # a number, as just asked
        raise BadSignalsError(f"signals have {cell!r:.80} where a number belongs")
    return float(cell)  # type: ignore[arg-type]  # a number


def _instant(cell: object) -> int:
    instant_ms = _of(int, cell)
    if abs(instant_ms) > INSTANT_MS_MAX:
        raise BadSignalsError(f"signals have a time that is none: {instant_ms}")
    return instant_ms


def _names(cells: object) -> list[str]:
    if type(cells) is not list or not set(map(type, cells)) <= {str}:
        raise BadSignalsError("signals have a list of names that is none")
    return cells


def _column(cells: object) -> IntColumn:
    column = np.array(cells)
    if column.ndim != 1 or (len(column) and column.dtype.kind != "i"):
        raise BadSignalsError("signals have a column of whole numbers that is none")
    return column.astype(np.int64, copy=False)


def _checked(record: SignalRecord) -> SignalRecord:
    rows = len(record.level)
    if not 0 <= record.partition <= PARTITION_MAX or record.position < 0:
        raise BadSignalsError("signals name a partition or a position that can't be")
    if record.watermark_ms is not None and abs(record.watermark_ms) > INSTANT_MS_MAX:
        raise BadSignalsError("signals have a watermark that is no time")
    if any(len(column) != rows for column in (record.entity_of, record.metric_of, record.minute)):
        raise BadSignalsError("signals have columns of different lengths")
    if len(record.scope_of) != len(record.entity):
        raise BadSignalsError("signals name a different number of entities and of their scopes")
    places = [
        (record.scope_of, len(record.scope)),
        (record.entity_of, len(record.entity)),
        (record.metric_of, len(record.metric)),
        (np.array([speaker.row for speaker in record.speaker], np.int64), rows),
    ]
    if any(len(column) and not (column.min() >= 0 and column.max() < count) for column, count in places):
        raise BadSignalsError("signals have a row that belongs to nothing in their lists")
    if rows and not (record.level.min() >= 0 and np.abs(record.minute).max() <= INSTANT_MS_MAX // MINUTE_MS):
        raise BadSignalsError("signals have a level below 0, or a minute that is none")
    return record
