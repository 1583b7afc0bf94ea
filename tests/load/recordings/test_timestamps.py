"""Timestamps of every kind."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from load.recordings.timestamps import TimestampError, timestamps_ms

MOMENT_MS = 1_700_000_000_123


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-14 22:13:20.123",
        "2023-11-14T22:13:20.123",
        "2023-11-14T22:13:20.123Z",
        "2023-11-14t22:13:20.123z",
        "2023-11-14 22:13:20.123999999Z",
        "2023-11-14T23:13:20.123+01:00",
        "2023-11-14 22:13:20.123000+00:00",
        " 2023-11-14T22:13:20.123 ",
        "1700000000.123",
        "1700000000123",
        "1700000000123456",
        "1700000000123456789",
    ],
)
def test_texts_of_one_moment(text: str) -> None:
    assert timestamps_ms(pa.array([text])).tolist() == [MOMENT_MS]
    assert timestamps_ms(pa.array([text], pa.large_string())).tolist() == [MOMENT_MS]
    assert timestamps_ms(pa.array([text]).dictionary_encode()).tolist() == [MOMENT_MS]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (1_700_000_000.123, pa.float64()),
        (1_700_000_000_123, pa.int64()),
        (1_700_000_000_123, pa.float64()),
        (1_700_000_000_123_456, pa.uint64()),
        (1_700_000_000_123_456_789, pa.int64()),
    ],
)
def test_numbers_of_one_moment(number: float, kind: pa.DataType) -> None:
    assert timestamps_ms(pa.array([number], kind)).tolist() == [MOMENT_MS]


def test_kinds_may_be_mixed_in_one_column() -> None:
    texts = ["2023-11-14T22:13:20Z", "2023-11-14 22:13:20", "2023-11-14T21:13:20-01:00", "1700000000"]
    assert timestamps_ms(pa.array(texts)).tolist() == [1_700_000_000_000] * 4


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
def test_arrow_timestamps_are_utc_inside(unit: str, zone: str | None) -> None:
    ticks = 1_700_000_000 * {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    column = pa.array([ticks]).cast(pa.timestamp(unit, zone))
    assert timestamps_ms(column).tolist() == [1_700_000_000_000]


def test_dates() -> None:
    assert timestamps_ms(pa.array([1], pa.date32())).tolist() == [86_400_000]
    assert timestamps_ms(pa.array(["1970-01-02"])).tolist() == [86_400_000]


def test_before_the_epoch_finer_times_are_cut_downwards() -> None:
    assert timestamps_ms(pa.array([-1]).cast(pa.timestamp("us"))).tolist() == [-1]


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001
def test_rfc3339_roundtrips(moment: datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
    expected = (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000
    assert timestamps_ms(pa.array([moment.isoformat(), "1700000000"])).tolist()[0] == round(expected)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "nan", "inf", "1e400", "2023-13-01T00:00:00Z", "2023-11-14T25:00:00Z"]
)
def test_texts_that_are_no_time_are_quoted(text: str) -> None:
    with pytest.raises(TimestampError, match=repr(text)):
        timestamps_ms(pa.array(["1700000000", text]))


@pytest.mark.parametrize("column", [pa.array([1.0, None]), pa.array([float("nan")]), pa.array([True])])
def test_cells_that_are_no_time(column: "pa.Array[pa.Scalar[pa.DataType]]") -> None:
    with pytest.raises(TimestampError):
        timestamps_ms(column)
