"""Durations as people write them, held as whole milliseconds."""

import math
import re
from fractions import Fraction
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60 * SECOND_MS
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
WEEK_MS: Final = 7 * DAY_MS
LONGEST_MS: Final = 36_500 * DAY_MS  # a century: longer is a typing error, and sums of a few still fit in int64

_UNITS_MS = {"w": WEEK_MS, "d": DAY_MS, "h": HOUR_MS, "m": MINUTE_MS, "s": SECOND_MS, "ms": 1}
_WRITTEN_UNITS = ("d", "h", "m", "s", "ms")  # weeks are read and never written: 7d says it as well
_DURATION = re.compile("".join([rf"(?:(?P<{unit}>[0-9]{{1,15}}(?:\.[0-9]{{1,15}})?){unit})?" for unit in _UNITS_MS]))
_FORMS = "write it as 500ms, 10s, 5m, 1h30m or 7d"


def parse_duration(value: object) -> int:
    """Read a duration into milliseconds: text such as ``1h30m``, or a number of seconds.

    Raises
    ------
    ValueError
        If it is no duration, is not positive, is not whole milliseconds, or exceeds a century.
    """
    exact_ms = _text_ms(value) if isinstance(value, str) else _seconds_ms(value)
    if exact_ms <= 0:
        raise ValueError(f"must be longer than zero, got {value!r}")
    if exact_ms > LONGEST_MS:
        raise ValueError(f"must not exceed {format_duration(LONGEST_MS)}, got {value!r}")
    if exact_ms.denominator != 1:
        raise ValueError(f"must be whole milliseconds, got {value!r}")
    return int(exact_ms)


def format_duration(duration_ms: int) -> str:
    """Write a duration as `parse_duration` reads it, in the fewest units: ``1h30m``."""
    parts = []
    for unit in _WRITTEN_UNITS:
        count, duration_ms = divmod(duration_ms, _UNITS_MS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def between(shortest: str, longest: str) -> AfterValidator:
    """A validator that keeps a duration within bounds, both allowed, and names them as people write them."""
    shortest_ms, longest_ms = parse_duration(shortest), parse_duration(longest)
    assert shortest_ms < longest_ms

    def check(duration_ms: int) -> int:
        if not shortest_ms <= duration_ms <= longest_ms:
            raise ValueError(f"must be from {shortest} to {longest}, got {format_duration(duration_ms)}")
        return duration_ms

    return AfterValidator(check)


DurationMs = Annotated[int, BeforeValidator(parse_duration), PlainSerializer(format_duration, when_used="json")]
"""A field's type: written as a duration (`parse_duration`), held as milliseconds."""


def _text_ms(text: str) -> Fraction:
    if text.startswith("-"):
        raise ValueError(f"must be longer than zero, got {text!r}")
    match = _DURATION.fullmatch(text.strip())
    if match is None or match.lastgroup is None:
        raise ValueError(f"is not a duration: {text!r}; {_FORMS}")
    counts = match.groupdict(default="0")
    return sum((Fraction(counts[unit]) * unit_ms for unit, unit_ms in _UNITS_MS.items()), Fraction(0))


def _seconds_ms(seconds: object) -> Fraction:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds):
        raise ValueError(f"is not a duration: {seconds!r}; {_FORMS}")
    # Through decimal text: 0.1 is then exactly 100 ms, which its binary fraction is not.
    return Fraction(repr(seconds)) * SECOND_MS
