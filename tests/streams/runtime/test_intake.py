"""Reading again what was lost, while assignments come and go."""

import asyncio
from typing import Any

from streams.runtime.cursor import Cursor
from streams.runtime.intake import read_again
from streams.runtime.log import Place

SAMPLES = Place("samples", 0)


class _Log:
    """While it is asked for its beginning, the assignment may end."""

    def __init__(self, cursor: Cursor, *, ends: bool) -> None:
        self.sought: list[tuple[Place, int]] = []
        self._cursor, self._ends = cursor, ends

    async def first_offset(self, place: Place) -> int:
        if self._ends:
            self._cursor.start({})
        return 4

    async def seek(self, place: Place, offset: int) -> None:
        self.sought.append((place, offset))


def _sought(*, ends: bool) -> list[tuple[Place, int]]:
    cursor = Cursor()
    cursor.start({SAMPLES: 2})
    log: Any = _Log(cursor, ends=ends)
    asyncio.run(read_again(SAMPLES, 2, cursor, log))
    return list(log.sought)


def test_it_seeks_to_where_the_log_begins_now() -> None:
    assert _sought(ends=False) == [(SAMPLES, 4)]


def test_an_assignment_that_ends_meanwhile_is_let_go() -> None:
    assert _sought(ends=True) == []
