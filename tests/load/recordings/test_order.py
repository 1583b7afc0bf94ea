"""Whatever the order of rows, files and chunks: samples come by time, and by source within a time."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from load.recordings import file_recording
from load.recordings.merge import TimedStream, merge_by_time
from load.recordings.recording import open_recording, read_recording
from load.recordings.table import SampleTable, slices, sort_by_time
from streams.series import SeriesKey
from tests.load.recordings.helpers import rows_of, write_parquet, write_text


@pytest.mark.parametrize("rows_max", [1, 2, 3, 100])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_long_rows_stored_by_series(tmp_path: Path, suffix: str, rows_max: int) -> None:
    path = tmp_path / f"r{suffix}"
    times, metrics, values = [3, 1, 2, 1, 2, 3], list("aaabbb"), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    if suffix == ".csv":
        lines = [f"{t},{m},{v}" for t, m, v in zip(times, metrics, values, strict=True)]
        write_text(path, "\n".join(["timestamp,metric,value", *lines]))
    else:
        write_parquet(path, {"timestamp": times, "metric": metrics, "value": values}, row_group_size=2)
    tables = list(read_recording(path, rows_max=rows_max))
    assert rows_of(tables) == [
        (1000, "a", 1.0), (1000, "b", 3.0), (2000, "a", 2.0), (2000, "b", 4.0), (3000, "a", 0.0), (3000, "b", 5.0),
    ]  # fmt: skip
    assert all(len(table) <= rows_max for table in tables)


def test_parts_in_order_that_do_not_follow_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_recording, "SPAN_ROWS", 2)
    path = write_text(tmp_path / "r.csv", "timestamp,a\n3,3\n4,4\n1,1\n2,2\n")
    assert [row[2] for row in rows_of(read_recording(path))] == [1, 2, 3, 4]


def test_wide_rows_out_of_order(tmp_path: Path) -> None:
    path = write_text(tmp_path / "r.csv", "timestamp,a,b\n2,1,2\n1,3,4\n")
    assert [row[2] for row in rows_of(read_recording(path))] == [3, 4, 1, 2]


def test_a_wide_slice_is_bounded_by_samples(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "r.parquet", {"timestamp": list(range(10)), **{m: [1.0] * 10 for m in "abc"}})
    assert [len(table) for table in read_recording(path, rows_max=6)] == [6, 6, 6, 6, 6]


def test_a_folder_is_merged_by_time_and_then_by_file(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    write_text(tmp_path / "b.csv", "timestamp,value\n1,1\n2,2\n5,5\n")
    write_parquet(tmp_path / "2026" / "a.parquet", {"timestamp": [4, 2, 5], "value": [4.0, 2.0, 5.0]})
    write_text(tmp_path / "LICENSE", "not a recording")
    write_text(tmp_path / ".hidden.csv", "neither")
    recording = open_recording(tmp_path)
    assert rows_of(recording.tables(1)) == [
        (1000, "b", 1), (2000, "a", 2), (2000, "b", 2), (4000, "a", 4), (5000, "a", 5), (5000, "b", 5),
    ]  # fmt: skip
    assert recording.span_ms() == (1000, 5000)


def test_a_series_that_goes_on_in_the_next_file_is_one_series(tmp_path: Path) -> None:
    write_text(tmp_path / "day1.csv", "timestamp,m,n\n1,1,2\n")
    write_text(tmp_path / "day2.csv", "timestamp,n,m\n2,4,3\n")
    assert rows_of(read_recording(tmp_path)) == [(1000, "m", 1), (1000, "n", 2), (2000, "n", 4), (2000, "m", 3)]


Streams = st.lists(st.lists(st.integers(0, 6), max_size=8).map(sorted), max_size=4)


@given(Streams, st.integers(1, 4))
def test_merging_is_a_stable_sort_of_all_rows(streams: list[list[int]], rows_max: int) -> None:
    tables = [_stream(place, times) for place, times in enumerate(streams)]
    merged = merge_by_time(
        [TimedStream(int(t.timestamp_ms[0]), lambda t=t: slices(t, rows_max)) for t in tables if len(t)]  # type: ignore[misc]
    )
    expected = sorted([row for table in tables for row in rows_of([table])], key=lambda row: row[0])
    assert rows_of(merged) == expected


def test_a_stream_is_opened_only_when_its_time_has_come() -> None:
    opened: list[int] = []

    def stream(place: int, times: list[int]) -> TimedStream:
        def tables() -> list[SampleTable]:
            opened.append(place)
            return [_stream(place, times)]

        return TimedStream(times[0], lambda: iter(tables()))

    merged = merge_by_time([stream(0, [1, 2]), stream(1, [8, 9])])
    assert next(merged).timestamp_ms.tolist() == [1]
    assert opened == [0]
    assert [t for table in merged for t in table.timestamp_ms.tolist()] == [2, 8, 9]


@given(st.lists(st.integers(-3, 3)))
def test_sorting_is_stable(times: list[int]) -> None:
    table = sort_by_time(_stream(0, times))
    order = sorted(range(len(times)), key=lambda row: times[row])
    assert table.value.tolist() == order


def _stream(place: int, times: list[int]) -> SampleTable:
    rows = len(times)
    key = SeriesKey(f"m{place}", ())
    return SampleTable([key], np.zeros(rows, np.int64), np.array(times, np.int64), np.arange(rows, dtype=np.float64))
