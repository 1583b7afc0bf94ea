"""Configuration files as text: what YAML's errors become, with their places."""

from pathlib import Path

import pytest

from streams.settings.document import parse_document, read_document
from streams.settings.errors import Problem


def test_reads_plain_data() -> None:
    assert parse_document("a: {b: [1, x]}\nc: 2") == ({"a": {"b": [1, "x"]}, "c": 2}, [])


def test_an_empty_file_is_an_empty_document() -> None:
    assert parse_document("# nothing yet\n") == ({}, [])


def test_merge_keys_are_no_duplicates() -> None:
    document, problems = parse_document("a: &a {x: 1, y: 1}\nb: {<<: *a, x: 2}")
    assert problems == []
    assert document == {"a": {"x": 1, "y": 1}, "b": {"x": 2, "y": 1}}


def test_every_key_given_twice_is_reported_with_its_place() -> None:
    _, problems = parse_document("a: 1\nb: {c: 1,\n    c: 2}\na: 3\na: 4")
    assert sorted(problems) == [
        Problem("line 3, column 5", "key 'c' is on line 2 already"),
        Problem("line 4, column 1", "key 'a' is on line 1 already"),
        Problem("line 5, column 1", "key 'a' is on line 1 already"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: [1", "line 1, column 6", "expected ',' or ']'"),
        ("a:\n\tb: 1", "line 2, column 1", "found character '\\t'"),
        ("a: 1\n--- {}", "line 2, column 1", "but found another document"),
        ("a: 2000-13-01", "line 1, column 4", "is not the number or date it looks like"),
        ("? [a]\n: 1", "line 1, column 3", "found unhashable key"),
        ("- a", "", "must hold sections"),
        ("text", "", "must hold sections"),
        ("a: \x00", "", "is not YAML"),
        ("a: *hunter2", "line 1, column 4", "text that begins with * must be in quotes"),
        ("a: !hunter2 b", "line 1, column 4", "text that begins with ! must be in quotes"),
    ],
)
def test_refuses(text: str, place: str, message: str) -> None:
    document, [problem] = parse_document(text)
    assert document is None
    assert problem.path == place
    assert message in problem.message
    assert "hunter2" not in problem.message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"a: \xff")
    assert read_document(tmp_path / "missing") == (None, [Problem("", "can't be read: No such file or directory")])
    assert read_document(tmp_path) == (None, [Problem("", "can't be read: Is a directory")])
    assert read_document(binary) == (None, [Problem("", "is not UTF-8 text: byte 3 can't be read")])
