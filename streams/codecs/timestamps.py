"""Timestamps: RFC 3339 text, or an epoch number whose unit is told by its magnitude.

The magnitude rule, on the absolute value::

    below 1e11   seconds         (1e11 s  is the year 5138)
    below 1e14   milliseconds    (1e11 ms is March 1973)
    below 1e17   microseconds    (1e14 us is March 1973)
    else         nanoseconds     (1e17 ns is March 1973)

So the unit of every moment from 1973 to 5138 is read right. Finer times are cut to the millisecond; a number with a
fraction is rounded to it, because a binary fraction of a second rarely is a whole number of milliseconds.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from streams.codecs.faults import Fault, wrong_type
from streams.rejects import RejectReason

MS_FROM = 10**11
US_FROM = 10**14
NS_FROM = 10**17

TEXT_CHARS_MAX = 64  # No RFC 3339 text in use is longer; it bounds the cache's memory.
TEXTS_CACHED = 4096
ABSURD_MS = 2**62  # Fits int64 and lies beyond every limit: validation refuses it.

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXPECTED = "an RFC 3339 string or an epoch number"


def timestamp_ms(raw: object) -> int | Fault:
    """Milliseconds since the epoch, from a JSON value."""
    if type(raw) is int:
        return _epoch_ms(raw)
    if type(raw) is str:
        return text_ms(raw)
    if type(raw) is float:
        return _float_epoch_ms(raw)
    return wrong_type("timestamp", raw, _EXPECTED)


def are_ms(raws: list[Any]) -> bool:
    """Whether all of them are numbers of milliseconds as they are."""
    return set(map(type, raws)) == {int} and min(raws) >= MS_FROM and max(raws) < US_FROM


def text_ms(text: str) -> int | Fault:
    """Milliseconds since the epoch, from RFC 3339 text; text without an offset is refused."""
    if len(text) > TEXT_CHARS_MAX:
        return Fault(RejectReason.WRONG_TYPE, f"timestamp is a string of {len(text)} characters, expected {_EXPECTED}")
    return _text_ms(text)


# Telemetry comes in rounds: many samples of a fetch share the text of their timestamp.
@lru_cache(maxsize=TEXTS_CACHED)
def _text_ms(text: str) -> int | Fault:
    match = _RFC3339.fullmatch(text.upper())
    if match is None:
        return Fault(RejectReason.WRONG_TYPE, f"timestamp {text!r} is not {_EXPECTED}")
    if match[1] is None:
        return Fault(
            RejectReason.WRONG_TYPE,
            f"timestamp {text!r} has no offset: end it in Z or +hh:mm, so that it is one moment",
        )
    try:
        since = datetime.fromisoformat(match[0]) - _EPOCH
    except (ValueError, OverflowError) as error:
        return Fault(RejectReason.WRONG_TYPE, f"timestamp {text!r} is no moment in time: {error}")
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def _epoch_ms(number: int) -> int:
    size = abs(number)
    if MS_FROM <= size < US_FROM:
        return number
    if size < MS_FROM:
        return number * 1000
    return number // 1000 if size < NS_FROM else number // 1_000_000


def _float_epoch_ms(number: float) -> int:
    size = abs(number)
    if size < MS_FROM:
        return round(number * 1e3)
    if size < US_FROM:
        return round(number)
    if size < NS_FROM:
        return round(number / 1e3)
    return round(max(-ABSURD_MS, min(ABSURD_MS, number / 1e6)))
