"""Days: what is read, what is refused, and that writing and reading agree."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar.clocks import DAYS
from streams.settings.days import day_of_month, format_day, parse_day


@given(st.integers(0, DAYS - 1))
def test_reads_what_it_writes(day: int) -> None:
    assert parse_day(format_day(day)) == day


@pytest.mark.parametrize(
    ("written", "day"), [("1970-01-01", 0), (date(1970, 2, 1), 31), ("2000-03-01", 11_017), ("2100-12-31", DAYS - 1)]
)
def test_reads(written: object, day: int) -> None:
    assert parse_day(written) == day


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2101-01-01", "from 1970-01-01 to 2100-12-31, got 2101-01-01"),
        ("1969-12-31", "from 1970-01-01 to 2100-12-31"),
        ("2026-02-29", "is not a day"),
        ("2026-11-27T00:00:00Z", "is not a day"),
        (datetime(2026, 11, 27, tzinfo=UTC), "is not a day"),
        (0, "is not a day"),
        (None, "is not a day"),
    ],
)
def test_refuses(written: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_day(written)


def test_a_month_begins_with_its_first_day() -> None:
    assert [day_of_month(day) for day in (0, 30, 31, 58, 59)] == [1, 31, 1, 28, 1]
