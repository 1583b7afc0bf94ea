"""Blocks: the records of the samples topic, the clean and re-keyed telemetry.

A block is columnar JSON (public: charts and training read it), and holds rows of one source partition that belong
to entities of one samples partition, in source order::

    {"v": 1, "kind": "samples",
     "source": {"topic": "telemetry", "partition": 0, "topic_id": "Zp3kW..." | ""},
     "watermark_ms": 1700000000000 | null,
     "series": ["cpu{host=\\"a\\"}", ...], "entity": ["{host=\\"a\\"}", ...],    one per distinct series
     "index": [0, 1, 0],                                                     row -> place in "series"
     "offset": [17, 17, 18], "row": [0, 1, 0],                               where the row came from
     "timestamp_ms": [...], "value": [...]}                                  the sample

`watermark_ms` is a tick: after these rows the source partition has reached this event time. A block without rows
is a tick alone. (offset, row) increases strictly within a block and from block to block of one source partition,
save where a source is read again after a crash: readers skip what is at or below their high-water mark. A topic that
is deleted and made again begins at offset 0 again; its id, which is another one then, tells the two logs apart. It is
empty where the broker gives none, and missing in blocks of earlier releases.

Between the blocks stand control records: `streams.events` and `streams.silence`.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import orjson

from streams.contract.records.samples import SamplesFields
from streams.events import EVENT_KIND, INSTANT_MS_MAX, EventRecord, event_record_of
from streams.schema import RecordKind
from streams.silence import SILENCE_KIND, SilenceRecord, silence_record_of

BLOCK_VERSION = 1
PARTITION_MAX = 2**31 - 1
"""Kafka numbers partitions in 32 bits."""

IntColumn = npt.NDArray[np.int64]
FloatColumn = npt.NDArray[np.float64]

T = TypeVar("T", np.int64, np.float64)
Cell = TypeVar("Cell")


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """Rows of one source partition. Shapes: `series`, `entity` [k distinct series]; the other columns [n rows]."""

    source_topic: str
    source_partition: int
    watermark_ms: int | None
    series: list[str]
    entity: list[str]
    index: IntColumn
    offset: IntColumn
    row: IntColumn
    timestamp_ms: IntColumn
    value: FloatColumn
    source_topic_id: str = ""


class BadBlockError(ValueError):
    """A record of the samples topic that is neither a block nor a control record this version can read."""


def encode_block(block: SampleBlock) -> bytes:
    """The block as the samples topic carries it."""
    fields: SamplesFields = {
        "v": BLOCK_VERSION,
        "kind": RecordKind.SAMPLES,
        "source": {
            "topic": block.source_topic,
            "partition": block.source_partition,
            "topic_id": block.source_topic_id,
        },
        "watermark_ms": block.watermark_ms,
        "series": block.series,
        "entity": block.entity,
        "index": block.index,
        "offset": block.offset,
        "row": block.row,
        "timestamp_ms": block.timestamp_ms,
        "value": block.value,
    }
    return orjson.dumps(fields, option=orjson.OPT_SERIALIZE_NUMPY)


def decode_record(payload: bytes) -> SampleBlock | EventRecord | SilenceRecord:
    """Read a record of the samples topic back, bit for bit.

    Raises
    ------
    BadBlockError
        If the payload is none of this version; the message says what is wrong.
    """
    try:
        fields: dict[str, Any] = orjson.loads(payload)
        if fields["kind"] == EVENT_KIND:
            return event_record_of(fields)
        return silence_record_of(fields) if fields["kind"] == SILENCE_KIND else _block_of(fields)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, BadBlockError):
            raise
        raise BadBlockError(f"not a record of the samples topic: {type(error).__name__}: {error}") from error


def decode_block(payload: bytes) -> SampleBlock:
    """Read a record that must be a block; raises as `decode_record` does."""
    record = decode_record(payload)
    if not isinstance(record, SampleBlock):
        raise BadBlockError("a control record where a block of samples belongs")
    return record


def _block_of(fields: dict[str, Any]) -> SampleBlock:
    if fields["v"] != BLOCK_VERSION or fields["kind"] != "samples":
        raise BadBlockError(f"samples block of version {fields['v']!r} and kind {fields['kind']!r} is not known here")
    return _checked(
        SampleBlock(
            source_topic=_of(str, fields["source"]["topic"]),
            source_partition=_of(int, fields["source"]["partition"]),
            watermark_ms=None if fields["watermark_ms"] is None else _of(int, fields["watermark_ms"]),
            series=fields["series"],
            entity=fields["entity"],
            index=_column(fields, "index", np.int64),
            offset=_column(fields, "offset", np.int64),
            row=_column(fields, "row", np.int64),
            timestamp_ms=_column(fields, "timestamp_ms", np.int64),
            value=_column(fields, "value", np.float64),
            source_topic_id=_of(str, fields["source"].get("topic_id", "")),
        )
    )


def _of(kind: type[Cell], cell: object) -> Cell:
    """The cell, which must be of that type and of no other."""
    if type(cell) is not kind:
        raise BadBlockError(f"samples block has {cell!r:.80} where a value of type {kind.__name__} belongs")
    return cell


def _column(fields: dict[str, Any], name: str, dtype: type[T]) -> npt.NDArray[T]:
    """A column of numbers. numpy alone would take text for numbers, null for NaN, and cut fractions off."""
    column = np.array(fields[name])
    kinds = "iuf" if dtype is np.float64 else "i"
    if column.ndim != 1 or (len(column) and column.dtype.kind not in kinds):
        raise BadBlockError(f"samples block has something else than numbers of its type in {name!r}")
    return column.astype(dtype, copy=False)


def _checked(block: SampleBlock) -> SampleBlock:
    if not 0 <= block.source_partition <= PARTITION_MAX:
        raise BadBlockError(f"samples block names partition {block.source_partition} of its source, which can't be")
    if block.watermark_ms is not None and abs(block.watermark_ms) > INSTANT_MS_MAX:
        raise BadBlockError("samples block has a watermark that is no time")
    if not all(type(names) is list and set(map(type, names)) <= {str} for names in (block.series, block.entity)):
        raise BadBlockError("samples block has a series or an entity that is no name")
    rows = len(block.index)
    if any(len(column) != rows for column in (block.offset, block.row, block.timestamp_ms, block.value)):
        raise BadBlockError("samples block has columns of different lengths")
    if len(block.series) != len(block.entity):
        raise BadBlockError("samples block names a different number of series and entities")
    if rows and not (block.index.min() >= 0 and block.index.max() < len(block.series)):
        raise BadBlockError("samples block has a row whose series is not in its list")
    if rows and not (-INSTANT_MS_MAX <= block.timestamp_ms.min() <= block.timestamp_ms.max() <= INSTANT_MS_MAX):
        raise BadBlockError("samples block has a timestamp that is no time")
    if not _increases(block.offset, block.row):
        raise BadBlockError("samples block has rows out of their source's order")
    return block


def _increases(offset: IntColumn, row: IntColumn) -> bool:
    """Whether (offset, row) increases strictly: readers skip rows by it, so that none counts twice."""
    later = np.diff(offset)
    return bool(np.all((later > 0) | ((later == 0) & (np.diff(row) > 0))))
