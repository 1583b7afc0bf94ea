"""What is wrong with a file is said with the column and the cell."""

import importlib.util
from pathlib import Path

import pyarrow as pa
import pytest

from load.recordings.errors import RecordingError
from load.recordings.recording import read_recording
from streams.cli.errors import ExitCode, ExtraMissingError
from tests.load.recordings.helpers import write_parquet, write_text


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty"),
        ("time,value\n1,2\n", "no column 'timestamp'"),
        ("timestamp\n1\n", "no column beside the timestamp"),
        ("timestamp,a,a\n1,2,3\n", "two columns named 'a'"),
        ("timestamp,Timestamp,a\n1,2,3\n", "'timestamp' and 'Timestamp'"),
        ('timestamp,"m{a=""1"",b=""2""}","m{b=""2"",a=""1""}"\n1,2,3\n', "two columns for the series m{"),
        ("timestamp,value,my label\n1,2,3\n", "'my label', which can't be a label"),
        ("timestamp,a,b\n1,2,x\n", "has 'x' in the column 'b' on line 2, which"),
        ('timestamp,a,b\n1,2,3\n"2","4","x"\n', "has 'x' in the column 'b' on line 3, which"),
        ("timestamp,metric,value\n1,m,x\n", "has 'x' in the column 'value'"),
        ("timestamp,a\nsoon,2\n", "timestamp 'soon'"),
        ("timestamp,a\n,2\n", "timestamp ''"),
        ("timestamp,a\n1,2\n1,2,3\n", "can't be read on line 3: "),
    ],
)
def test_csv(tmp_path: Path, text: str, what: str) -> None:
    path = write_text(tmp_path / "r.csv", text)
    with pytest.raises(RecordingError) as caught:
        list(read_recording(path))
    assert what in caught.value.what
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == ExitCode.USAGE


def test_a_column_is_named_although_others_are_not_read(tmp_path: Path) -> None:
    path = write_text(tmp_path / "r.csv", "note,timestamp,a,b\nhello,1,2,x\n")
    with pytest.raises(RecordingError, match="has 'x' in the column 'b'"):
        list(read_recording(path, metrics=["a", "b"]))


def test_text_column_of_wide_parquet(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "r.parquet", {"timestamp": [1], "m": [1.0], "pod": ["x"]})
    with pytest.raises(RecordingError, match="type string in the column 'pod'"):
        list(read_recording(path))


def test_timestamps_of_a_type_without_time(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "r.parquet", {"timestamp": pa.array([True]), "m": [1.0]})
    with pytest.raises(RecordingError, match="type bool, which hold no time"):
        list(read_recording(path))


@pytest.mark.parametrize("name", ["r.parquet", "r.csv.gz", "r.csv.zst"])
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"timestamp,m\n1,2\n")
    with pytest.raises(RecordingError, match="can't be read"):
        list(read_recording(tmp_path / name))


@pytest.mark.parametrize(("name", "what"), [("absent.csv", "does not exist"), ("r.txt", "of no known kind")])
def test_paths(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / "r.txt").write_text("")
    with pytest.raises(RecordingError, match=what):
        read_recording(tmp_path / name)


def test_a_folder_without_recordings(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="folder without recordings"):
        read_recording(tmp_path)


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ExtraMissingError, match=r"pip install 'foreshock\[recordings\]'"):
        read_recording(tmp_path)
