"""Timestamps: units told apart by magnitude, and RFC 3339 as it is."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codecs.faults import Fault
from streams.codecs.timestamps import TEXT_CHARS_MAX, timestamp_ms
from streams.rejects import RejectReason

MOMENT_MS = 1_700_000_000_123
FIRST_MS = 10**11  # March 1973: from here on every unit is told right.
LAST_MS = 10**14 - 1


@pytest.mark.parametrize(
    ("raw", "expected_ms"),
    [
        (1_700_000_000, 1_700_000_000_000),
        (1_700_000_000.123, MOMENT_MS),
        (1_700_000_000_123, MOMENT_MS),
        (1_700_000_000_123.0, MOMENT_MS),
        (1_700_000_000_123_999, MOMENT_MS),
        (1_700_000_000_123_000.0, MOMENT_MS),
        (1_700_000_000_123_999_999, MOMENT_MS),
        (1.700000000123e18, MOMENT_MS),
        (0, 0),
        (-1, -1000),
        ("2023-11-14T22:13:20Z", 1_700_000_000_000),
        ("2023-11-14t22:13:20.123z", MOMENT_MS),
        ("2023-11-14 22:13:20.123999999Z", MOMENT_MS),
        ("2023-11-15T03:43:20.123+05:30", MOMENT_MS),
        ("2023-11-14T14:13:20-08:00", 1_700_000_000_000),
        ("1969-12-31T23:59:59.999Z", -1),
        ("0001-01-01T00:00:00+23:59", -62_135_683_140_000),
    ],
)
def test_read(raw: object, expected_ms: int) -> None:
    assert timestamp_ms(raw) == expected_ms


@pytest.mark.parametrize(
    ("raw", "reason", "told"),
    [
        (None, RejectReason.MISSING_FIELD, "no timestamp"),
        (True, RejectReason.WRONG_TYPE, "true or false"),
        ([], RejectReason.WRONG_TYPE, "an array"),
        ({}, RejectReason.WRONG_TYPE, "an object"),
        ("", RejectReason.WRONG_TYPE, "RFC 3339"),
        ("1700000000", RejectReason.WRONG_TYPE, "RFC 3339"),
        ("2023-11-14", RejectReason.WRONG_TYPE, "RFC 3339"),
        ("2023-11-14T22:13:20", RejectReason.WRONG_TYPE, "no offset"),
        ("2023-11-14T22:13:20+5:30", RejectReason.WRONG_TYPE, "RFC 3339"),
        ("2023-11-14T22:13:20Z ", RejectReason.WRONG_TYPE, "RFC 3339"),
        ("2023-W46-2T22:13:20Z", RejectReason.WRONG_TYPE, "RFC 3339"),
        ("2023-02-30T22:13:20Z", RejectReason.WRONG_TYPE, "day is out of range"),
        ("2023-11-14T25:13:20Z", RejectReason.WRONG_TYPE, "hour"),
        ("0000-11-14T22:13:20Z", RejectReason.WRONG_TYPE, "year"),
        ("\uff12\uff1023-11-14T22:13:20Z", RejectReason.WRONG_TYPE, "RFC 3339"),
        ("2023-11-14T22:13:20." + "0" * TEXT_CHARS_MAX + "Z", RejectReason.WRONG_TYPE, "characters"),
    ],
)
def test_refused(raw: object, reason: RejectReason, told: str) -> None:
    fault = timestamp_ms(raw)
    assert isinstance(fault, Fault)
    assert fault.reason == reason
    assert told in fault.detail


@given(st.integers(FIRST_MS, LAST_MS))
def test_every_unit_gives_the_same_moment(moment_ms: int) -> None:
    assert timestamp_ms(moment_ms) == moment_ms
    assert timestamp_ms(moment_ms * 1000) == moment_ms
    assert timestamp_ms(moment_ms // 1000) == moment_ms // 1000 * 1000
    assert timestamp_ms(moment_ms / 1000) == moment_ms


@given(st.datetimes(), st.integers(-23 * 60, 23 * 60))
def test_text_is_read_as_the_standard_library_writes_it(moment: datetime, offset_minutes: int) -> None:
    moment = moment.replace(tzinfo=timezone(timedelta(minutes=offset_minutes)))
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    assert timestamp_ms(moment.isoformat()) == since // timedelta(milliseconds=1)


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_fit_the_column_whatever_they_are(number: float) -> None:
    if isinstance(number, int) and not -(2**63) <= number < 2**64:
        number = float(number)  # As a JSON parser gives it.
    read = timestamp_ms(number)
    assert isinstance(read, int)
    assert -(2**63) <= read < 2**63


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"))
def test_no_text_raises(text: str) -> None:
    assert isinstance(timestamp_ms(text), int | Fault)
