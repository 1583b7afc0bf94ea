"""What changed lately, for those who watch: the newest changes in a ring that all of them share.

Each reader has a place of its own, so that a slow one costs nothing: once the ring has left it behind it is told so.
"""

from bisect import bisect_right
from collections import deque
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from streams.schema import RecordKind

CHANGES_KEPT = 20_000
"""At a hundred thousand series and a forecast every twelve minutes two minutes of them."""


class Change(NamedTuple):
    """A record came or went; `name` is its series, its entity or the id of its incident."""

    version: int
    kind: RecordKind
    name: str
    origin_ms: int


class FellBehindError(Exception):
    """A reader asks for changes that are no longer kept."""


class Changes:
    """The newest changes, after a version."""

    def __init__(self, kept: int = CHANGES_KEPT, since_version: int = 0) -> None:
        self._changes: deque[Change] = deque(maxlen=kept)
        self._dropped_version = since_version

    def add(self, change: Change) -> None:
        """Note a change, whose version is higher than all before."""
        if len(self._changes) == self._changes.maxlen:
            self._dropped_version = self._changes[0].version
        self._changes.append(change)

    def after(self, version: int, most: int) -> list[Change]:
        """The first so many changes after a version.

        Raises
        ------
        FellBehindError
            If some of them are no longer kept.
        """
        if version < self._dropped_version:
            raise FellBehindError
        newer = bisect_right(self._changes, version, key=attrgetter("version"))
        return list(islice(self._changes, newer, newer + most))
