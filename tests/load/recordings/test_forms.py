"""Every form of a recording gives the same samples."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from load.recordings.recording import open_recording, read_recording
from tests.load.recordings.helpers import Row, rows_of, write_parquet, write_text

SAMPLES: list[Row] = [
    (1_375_315_200_000, 'cpu{host="a"}', 1.5),
    (1_375_315_200_000, "load", 2.0),
    (1_375_315_260_000, 'cpu{host="a"}', 3.25),
]
WIDE = 'timestamp,"cpu{host=""a""}",load\n2013-08-01 00:00:00,1.5,2\n2013-08-01 00:01:00,3.25,\n'
LONG = """timestamp,metric,value,host
2013-08-01T00:00:00Z,cpu,1.5,a
2013-08-01T00:00:00Z,load,2,
2013-08-01T00:01:00Z,cpu,3.25,a
"""


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".csv.zst"])
@pytest.mark.parametrize("text", [WIDE, LONG], ids=["wide", "long"])
def test_csv(tmp_path: Path, text: str, suffix: str) -> None:
    assert rows_of(read_recording(write_text(tmp_path / f"r{suffix}", text))) == SAMPLES


def test_wide_parquet(tmp_path: Path) -> None:
    columns = {
        "timestamp": pa.array(["2013-08-01 00:00:00", "2013-08-01 00:01:00"]).cast(pa.timestamp("us")),
        'cpu{host="a"}': pa.array([1.5, 3.25], pa.float32()),
        "load": [2, None],
    }
    assert rows_of(read_recording(write_parquet(tmp_path / "r.parquet", columns))) == SAMPLES


def test_long_parquet(tmp_path: Path) -> None:
    columns = {
        "timestamp": pa.array([1_375_315_200, 1_375_315_200, 1_375_315_260]).cast(pa.timestamp("s", "UTC")),
        "metric": ["cpu", "load", "cpu"],
        "value": [1.5, 2.0, 3.25],
        "host": ["a", None, "a"],
    }
    assert rows_of(read_recording(write_parquet(tmp_path / "r.parquet", columns))) == SAMPLES


def test_two_columns_are_the_metric_of_the_files_name(tmp_path: Path) -> None:
    path = write_text(tmp_path / "ec2_cpu.v1.csv.gz", "timestamp,value\n1700000000,7\n")
    assert rows_of(read_recording(path)) == [(1_700_000_000_000, "ec2_cpu.v1", 7.0)]


def test_reserved_names_in_any_case_and_labels_without_a_metric(tmp_path: Path) -> None:
    path = write_text(tmp_path / "app1.csv", '"TimeStamp","Value","Label"\n"2018-05-10T00:00:00Z","0.5","0"\n')
    assert rows_of(read_recording(path)) == [(1_525_910_400_000, 'app1{Label="0"}', 0.5)]


def test_labels_are_text_and_keep_their_zeros(tmp_path: Path) -> None:
    path = write_text(tmp_path / "r.csv", "timestamp,metric,value,shelf\n1700000000,m,1,007\n")
    assert rows_of(read_recording(path)) == [(1_700_000_000_000, 'm{shelf="007"}', 1.0)]


def test_whole_numbers_as_labels_of_parquet(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "r.parquet", {"timestamp": [1_700_000_000], "value": [1.0], "rack": [12]})
    assert rows_of(read_recording(path)) == [(1_700_000_000_000, 'r{rack="12"}', 1.0)]


def test_a_column_that_is_no_series_name_is_a_bare_metric(tmp_path: Path) -> None:
    text = 'timestamp,"Condition [Ready]: {x}","two\nlines, quoted"\n1700000000,1,2\n'
    assert [row[1:] for row in rows_of(read_recording(write_text(tmp_path / "r.csv", text)))] == [
        ("Condition [Ready]: {x}", 1.0),
        ("two\nlines, quoted", 2.0),
    ]


def test_missing_is_dropped_and_infinite_is_kept(tmp_path: Path) -> None:
    text = "timestamp,a,b,c,d,e\n1700000000,,NaN,null,inf,-Infinity\n"
    tables = list(read_recording(write_text(tmp_path / "r.csv", text)))
    assert [row[1:] for row in rows_of(tables)] == [("d", np.inf), ("e", -np.inf)]


def test_numbers_may_turn_from_whole_to_fractions_late(tmp_path: Path) -> None:
    lines = [f"{1_700_000_000 + second},{1}" for second in range(2000)]
    text = "\n".join(["timestamp,m", *lines, "1700002000,0.5", ""])
    assert rows_of(read_recording(write_text(tmp_path / "r.csv", text)))[-1][2] == 0.5


@pytest.mark.parametrize("kind", [pa.int32(), pa.uint8(), pa.float16(), pa.decimal128(5, 1)])
def test_number_types_of_parquet(tmp_path: Path, kind: pa.DataType) -> None:
    columns = {"timestamp": [1_700_000_000], "m": pa.array([7.0]).cast(kind)}
    assert [row[2] for row in rows_of(read_recording(write_parquet(tmp_path / "r.parquet", columns)))] == [7.0]


def test_a_column_whose_name_holds_a_dot_is_not_its_prefixs(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "r.parquet", {"timestamp": [1_700_000_000], "calls": [1], "calls.sum": [2]})
    assert [row[1:] for row in rows_of(read_recording(path, metrics=["calls"]))] == [("calls", 1.0)]


def test_metrics_are_chosen_by_glob_in_every_form(tmp_path: Path) -> None:
    wide = write_text(tmp_path / "wide.csv", WIDE)
    long = write_text(tmp_path / "long.csv", LONG)
    single = write_text(tmp_path / "single.csv", "timestamp,value\n1700000000,7\n")
    assert rows_of(read_recording(wide, metrics=["cp*"])) == [SAMPLES[0], SAMPLES[2]]
    assert rows_of(read_recording(long, metrics=["x", "lo?d"])) == [SAMPLES[1]]
    assert rows_of(read_recording(single, metrics=["x"])) == []
    assert open_recording(single, ["x"]).span_ms() is None


def test_columns_that_are_not_wanted_may_hold_anything(tmp_path: Path) -> None:
    path = write_text(tmp_path / "r.csv", "timestamp,m,note\n1700000000,1,hello\n")
    assert rows_of(read_recording(path, metrics=["m"])) == [(1_700_000_000_000, "m", 1.0)]
