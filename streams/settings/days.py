"""Days of the calendar as people write them (2026-11-27), held as days since 1970-01-01."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from models.calendar.clocks import DAYS

_FIRST = date(1970, 1, 1)


def parse_day(value: object) -> int:
    """Read a day into days since 1970-01-01: text, or the date YAML made of it.

    Raises
    ------
    ValueError
        If it is no day, or is one that the tables of days do not reach.
    """
    day = (_date_of(value) - _FIRST).days
    if not 0 <= day < DAYS:
        raise ValueError(f"must be from {format_day(0)} to {format_day(DAYS - 1)}, got {value}")
    return day


def format_day(day: int) -> str:
    """Write a day as `parse_day` reads it."""
    return (_FIRST + timedelta(days=day)).isoformat()


def day_of_month(day: int) -> int:
    """Which one of its month a day is: 1 is the first."""
    return (_FIRST + timedelta(days=day)).day


Day = Annotated[int, BeforeValidator(parse_day), PlainSerializer(format_day, when_used="json")]
"""A field's type: written as a day (`parse_day`), held as days since 1970-01-01."""


def _date_of(value: object) -> date:
    # A datetime is a date in Python, and no day here.
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]  # whatever it is, it is refused below
    except (TypeError, ValueError):
        raise ValueError(f"is not a day: {str(value)!r}; write it as 2026-11-27") from None
