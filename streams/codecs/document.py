"""From bytes to a JSON document: the first step of every JSON codec, done once per message."""

from typing import Any

import orjson

from streams.codecs.faults import Fault
from streams.rejects import RejectReason

Document = dict[str, Any] | list[Any] | str | int | float | bool | None


def parse(payload: bytes) -> Document | Fault:
    """Parse one message. NaN and Infinity are no JSON: a message that holds them bare is malformed."""
    try:
        document: Document = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        return Fault(RejectReason.MALFORMED, f"not JSON: {error}") if payload else EMPTY
    return document


EMPTY = Fault(RejectReason.EMPTY_MESSAGE, "the message has no value")
NO_ROWS = Fault(RejectReason.EMPTY_MESSAGE, "the message holds an array without samples")


def too_many_rows(rows: int, rows_max: int) -> Fault:
    return Fault(
        RejectReason.TOO_MANY_ROWS,
        f"the message holds {rows} samples, at most {rows_max} are allowed (limits.rows_per_message): "
        "send smaller batches or raise the limit",
    )
