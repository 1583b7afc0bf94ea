"""Records of the rejects topic: what could not be used, why, and where it came from.

The key is the place, ``topic/partition/offset/row``: a replay writes the same record again::

    {"v": 1, "kind": "reject", "reason": "not_finite", "detail": "...", "rows": 1,
     "source": {"topic": "telemetry", "partition": 0, "offset": 17, "row": 0},     row -1: the whole message
     "series": "cpu{host=\\"a\\"}" | null, "timestamp_ms": 1700000000000 | null, "value": 1.5 | "NaN" | null,
     "excerpt": "{\\"metric\\": ..." | null}       the message's beginning, where it could not be decoded
"""

from math import isfinite, isnan
from typing import Literal, NamedTuple

import orjson

from streams.contract.records.rejects import RejectFields
from streams.outputs.envelope import headers
from streams.records import OutputRecord
from streams.rejects import RejectReason
from streams.schema import SCHEMA_VERSIONS, RecordKind, event_type

EXCERPT_BYTES_MAX = 200

_VERSION = SCHEMA_VERSIONS[RecordKind.REJECT]
_EVENT_TYPE = event_type(RecordKind.REJECT)


class Coordinate(NamedTuple):
    """Where a row came from; `row` -1 is the whole message."""

    topic: str
    partition: int
    offset: int
    row: int


def reject_record(
    rejects_topic: str,
    source: Coordinate,
    reason: RejectReason,
    detail: str,
    *,
    rows: int = 1,
    series: str | None = None,
    timestamp_ms: int | None = None,
    value: float | None = None,
    excerpt: str | None = None,
) -> OutputRecord:
    """The record that tells of a refused row, or of `rows` rows of one message refused for one reason."""
    place = f"{source.topic}/{source.partition}/{source.offset}/{source.row}"
    fields: RejectFields = {
        "v": _VERSION,
        "kind": RecordKind.REJECT,
        "reason": reason,
        "detail": detail,
        "rows": rows,
        "source": {
            "topic": source.topic,
            "partition": source.partition,
            "offset": source.offset,
            "row": source.row,
        },
        "series": series,
        "timestamp_ms": timestamp_ms,
        "value": _json_number(value),
        "excerpt": excerpt,
    }
    return OutputRecord(rejects_topic, None, place.encode(), orjson.dumps(fields), headers(_EVENT_TYPE, place))


def excerpt_of(payload: bytes) -> str:
    """The beginning of a message, for a person to recognise it by."""
    return payload[:EXCERPT_BYTES_MAX].decode(errors="replace")


def _json_number(value: float | None) -> float | Literal["NaN", "Infinity", "-Infinity"] | None:
    """The value; as text where JSON has no number for it."""
    if value is None or isfinite(value):
        return value
    return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
