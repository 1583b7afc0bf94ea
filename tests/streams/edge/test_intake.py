"""Reading again what was lost, while assignments come and go."""

import asyncio
from typing import Any

from faust.types import TP

from streams.edge.cursor import Cursor
from streams.edge.intake import read_again

SAMPLES = TP("samples", 0)


class _App:
    """Its own consumer: while it is asked for the log's beginning, the assignment may end."""

    def __init__(self, cursor: Cursor, *, ends: bool) -> None:
        self.consumer = self
        self.sought: list[dict[TP, int]] = []
        self._cursor, self._ends = cursor, ends

    async def earliest_offsets(self, tp: TP) -> dict[TP, int]:
        if self._ends:
            self._cursor.start({})
        return {tp: 4}

    async def seek_wait(self, offsets: dict[TP, int]) -> None:
        self.sought.append(offsets)


def _sought(*, ends: bool) -> list[dict[TP, int]]:
    cursor = Cursor()
    cursor.start({SAMPLES: 2})
    app: Any = _App(cursor, ends=ends)
    asyncio.run(read_again(SAMPLES, 2, cursor, app))
    return list(app.sought)


def test_it_seeks_to_where_the_log_begins_now() -> None:
    assert _sought(ends=False) == [{SAMPLES: 4}]


def test_an_assignment_that_ends_meanwhile_is_let_go() -> None:
    assert _sought(ends=True) == []
