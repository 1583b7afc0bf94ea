"""A large fleet from a small one: its records are read as any others."""

from pathlib import Path

import orjson

from load.serving.copies import copy_of, templates
from load.serving.filled import HISTORY, copies_of, filled_board
from streams.serve.board.gist import ListName
from tests.streams.serve import made


def _file(folder: Path) -> Path:
    """What a backtest would write of `made`."""
    path = folder / "records.jsonl"
    said = [one for one in made.records() if one.topic != made.settings().topics.samples]
    lines = [{"topic": one.topic, "key": one.key.decode(), "value": (one.value or b"").decode()} for one in said]
    path.write_bytes(b"\n".join([orjson.dumps(line) for line in lines]))
    return path


def test_each_copy_has_the_records_of_the_fleet(tmp_path: Path) -> None:
    small = templates(_file(tmp_path))
    assert copies_of(small, 30) == 3
    board = filled_board(made.settings(), small, 30)
    assert not board.unreadable
    one = made.board()
    for name in (ListName.FORECASTS, ListName.QUALITY, ListName.CAPACITY, ListName.FAILURES, ListName.ANOMALIES):
        assert len(board.shelves[name]) == 3 * len(one.shelves[name])
    number = board.directory.in_order()[1][0]
    assert len(board.history.tail(int(number)).t_ms) == HISTORY


def test_a_later_copy_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    small = templates(_file(tmp_path))
    board = filled_board(made.settings(), small, 12)
    version, kept = board.version, {name: len(shelf) for name, shelf in board.shelves.items()}
    board.apply([copy_of(one, 0, later_ms=60_000) for one in small])
    assert board.version == version + len(small)
    assert {name: len(shelf) for name, shelf in board.shelves.items()} == kept
