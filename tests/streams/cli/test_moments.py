"""Moments on the command line, told relative to a clock that is an argument."""

import pytest

from streams.cli.moments import parse_moment

NOW_MS = 1_700_000_000_000
MINUTE_MS = 60_000


@pytest.mark.parametrize(
    ("text", "expected_ms"),
    [
        ("now", NOW_MS),
        ("-10m", NOW_MS - 10 * MINUTE_MS),
        ("+2h", NOW_MS + 120 * MINUTE_MS),
        ("+1h30m", NOW_MS + 90 * MINUTE_MS),
        ("2023-11-14T22:13:20Z", NOW_MS),
        ("2023-11-14T23:13:20.500+01:00", NOW_MS + 500),
    ],
)
def test_moments(text: str, expected_ms: int) -> None:
    assert parse_moment(text, NOW_MS) == expected_ms


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("10m", "'10m'; write it as 2000-01-01T00:00:00Z, or as now, -10m or +2h"),
        ("-", "is not a duration: ''"),
        ("+soon", "is not a duration: 'soon'"),
        ("--5m", "must be longer than zero"),
        ("2023-11-14T22:13:20", "must say its offset from UTC"),
        ("", "is not an instant"),
    ],
)
def test_what_is_no_moment_is_told(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint.replace("+", r"\+")):
        parse_moment(text, NOW_MS)
