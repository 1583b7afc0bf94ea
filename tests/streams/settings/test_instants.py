"""Instants: what is read, what is refused, and that writing and reading agree."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.settings.instants import format_instant, parse_instant

YEAR_1970_TO_2200_MS = st.integers(0, 7_258_118_400_000)


@given(YEAR_1970_TO_2200_MS)
def test_reads_what_it_writes(instant_ms: int) -> None:
    assert parse_instant(format_instant(instant_ms)) == instant_ms


@pytest.mark.parametrize(
    "written", ["2000-01-01T00:00:00Z", "2000-01-01T01:00:00+01:00", datetime(2000, 1, 1, tzinfo=UTC)]
)
def test_reads(written: object) -> None:
    assert parse_instant(written) == 946_684_800_000


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2000-01-01T00:00:00", "offset from UTC"),
        ("yesterday", "is not an instant"),
        (946_684_800, "is not an instant"),
        (None, "is not an instant"),
    ],
)
def test_refuses(written: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_instant(written)
