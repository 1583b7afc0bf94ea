"""Durations: what is read, what is refused, and that writing and reading agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.settings.durations import LONGEST_MS, format_duration, parse_duration


@given(st.integers(1, LONGEST_MS))
def test_reads_what_it_writes(duration_ms: int) -> None:
    assert parse_duration(format_duration(duration_ms)) == duration_ms


@pytest.mark.parametrize(
    ("written", "duration_ms"),
    [
        ("500ms", 500),
        ("10s", 10_000),
        ("1m", 60_000),
        ("1h30m", 5_400_000),
        ("1.5h", 5_400_000),
        ("7d", 604_800_000),
        ("1w", 604_800_000),
        ("1w1d1h1m1s1ms", 694_861_001),
        (" 5m ", 300_000),
        (30, 30_000),
        (0.1, 100),
        (1.5, 1_500),
    ],
)
def test_reads(written: object, duration_ms: int) -> None:
    assert parse_duration(written) == duration_ms


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "is not a duration"),
        ("30", "is not a duration"),
        ("five minutes", "is not a duration"),
        ("1m1h", "is not a duration"),
        ("1m1m", "is not a duration"),
        ("1M", "is not a duration"),
        ("9" * 5_000 + "s", "is not a duration"),
        (True, "is not a duration"),
        (None, "is not a duration"),
        ([1], "is not a duration"),
        (float("nan"), "is not a duration"),
        (float("inf"), "is not a duration"),
        ("0s", "must be longer than zero"),
        (0, "must be longer than zero"),
        ("-5m", "must be longer than zero"),
        (-5, "must be longer than zero"),
        ("0.5ms", "must be whole milliseconds"),
        (0.0001, "must be whole milliseconds"),
        ("36501d", "must not exceed 36500d"),
        (10**300, "must not exceed 36500d"),
    ],
)
def test_refuses(written: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_duration(written)


@pytest.mark.parametrize(("duration_ms", "written"), [(1, "1ms"), (60_000, "1m"), (5_400_000, "1h30m"), (0, "0s")])
def test_writes_in_the_fewest_units(duration_ms: int, written: str) -> None:
    assert format_duration(duration_ms) == written
