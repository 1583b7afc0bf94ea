"""What is written is read back, in every format."""

import math
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from load.recordings.errors import RecordingError
from load.recordings.recording import read_recording
from load.recordings.table import slices
from load.recordings.write import write_recording
from streams.series import SeriesKey, labels_of, series_name
from tests.load.recordings.helpers import Row, rows_of, table_of

SUFFIXES = [".csv", ".csv.gz", ".csv.zst", ".parquet"]

texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=8)
label_names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.\-/]{0,5}", fullmatch=True).filter(
    lambda name: name.lower() not in ("timestamp", "metric", "value")
)
keys = st.builds(
    SeriesKey,
    texts.filter(lambda metric: not set("{}") & set(metric)),
    st.dictionaries(label_names, texts, max_size=2).map(labels_of),
)
rows = st.lists(
    st.tuples(st.integers(10**11, 4 * 10**12), keys.map(series_name), st.floats(allow_nan=False)),
    min_size=1,
    max_size=6,
).map(sorted)


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(rows=rows, rows_max=st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_roundtrip(suffix: str, rows: list[Row], rows_max: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"r{suffix}"
        assert write_recording(path, slices(table_of(rows), rows_max)) == len(rows)
        read = rows_of(read_recording(path))
    assert read == rows
    assert [math.copysign(1, row[2]) for row in read] == [math.copysign(1, row[2]) for row in rows]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_tables_give_same_bytes(tmp_path: Path, suffix: str) -> None:
    table = table_of([(10**12, 'm{host="a"}', 0.1), (10**12 + 1, "n", 2.0)])
    paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for path in paths:
        write_recording(path, [table], ["host"])
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("label", ["value", "Timestamp"])
def test_a_label_that_would_be_another_column_is_refused(tmp_path: Path, label: str) -> None:
    with pytest.raises(RecordingError, match="can't hold the label"):
        write_recording(tmp_path / "r.csv", [table_of([(1, f'm{{{label}="a"}}', 1.0)])])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="can't be written"):
        write_recording(tmp_path / "none" / "r.csv", [])


def test_a_label_left_out_of_the_names_is_not_lost_in_silence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        write_recording(tmp_path / "r.csv", [table_of([(1, 'm{zone="a"}', 1.0)])], ["host"])
