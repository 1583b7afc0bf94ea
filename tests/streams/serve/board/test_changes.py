"""The ring of changes."""

import pytest

from streams.schema import RecordKind
from streams.serve.board.changes import Change, Changes, FellBehindError


def _ring(versions: list[int]) -> Changes:
    changes = Changes(kept=3)
    for version in versions:
        changes.add(Change(version, RecordKind.FORECAST, "x", 0))
    return changes


def test_a_reader_gets_what_came_after_its_place() -> None:
    changes = _ring([2, 3, 5])
    assert [one.version for one in changes.after(0, 9)] == [2, 3, 5]
    assert [one.version for one in changes.after(2, 9)] == [3, 5]
    assert [one.version for one in changes.after(4, 9)] == [5]
    assert [one.version for one in changes.after(0, 2)] == [2, 3]
    assert changes.after(5, 9) == []


def test_a_reader_that_fell_behind_is_told() -> None:
    changes = _ring([2, 3, 5, 8])
    assert [one.version for one in changes.after(2, 9)] == [3, 5, 8]
    with pytest.raises(FellBehindError):
        changes.after(1, 9)
