"""One list of the board: the newest record of each key, as it was published, and columns to rank and filter by."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from streams.schema import RecordKind
from streams.serve.board.gist import Gist
from streams.serve.board.growing import with_room
from streams.serve.board.ranking import Places, Ranking, Slots, tie_of

NOBODY = -1
"""The subject of what is about several."""


class Columns:
    """Of each slot what is ranked and filtered by; a rank of NaN is an empty slot."""

    def __init__(self) -> None:
        self.rank = np.zeros(0, np.float64)
        self.tie = np.zeros(0, np.float64)
        self.subject = np.zeros(0, np.int32)
        self.origin_ms = np.zeros(0, np.int64)
        self.expires_at_ms = np.zeros(0, np.int64)
        self.kind = np.zeros(0, np.int8)
        self.severity = np.zeros(0, np.int8)
        self.state = np.zeros(0, np.int32)
        self.rule = np.zeros(0, np.int32)

    def make_room(self, slots: int) -> None:
        """Have places for so many slots."""
        self.rank = with_room(self.rank, slots, np.nan)
        self.tie = with_room(self.tie, slots, 0.0)
        self.subject = with_room(self.subject, slots, NOBODY)
        self.origin_ms = with_room(self.origin_ms, slots, 0)
        self.expires_at_ms = with_room(self.expires_at_ms, slots, 0)
        self.kind = with_room(self.kind, slots, 0)
        self.severity = with_room(self.severity, slots, 0)
        self.state = with_room(self.state, slots, 0)
        self.rule = with_room(self.rule, slots, 0)


class Kept(NamedTuple):
    """A record that a list holds, and the slot that it is in."""

    slot: int
    key: bytes
    value: bytes


class Codes:
    """Few texts as small numbers."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self.texts: list[str] = []

    def code(self, text: str) -> int:
        """The number of a text, a new one if need be."""
        if text not in self._codes:
            self._codes[text] = len(self.texts)
            self.texts.append(text)
        return self._codes[text]

    def known(self, text: str) -> int:
        """The number of a text; -1 where there is none."""
        return self._codes.get(text, -1)


KINDS = tuple(RecordKind)


class Shelf:
    """The newest record of each key."""

    def __init__(self) -> None:
        self.columns = Columns()
        self.states, self.rules = Codes(), Codes()
        self._slots: dict[bytes, int] = {}
        self._keys: list[bytes | None] = []
        self._values: list[bytes | None] = []
        self._free: list[int] = []
        self._ranking = Ranking()

    def __len__(self) -> int:
        return len(self._slots)

    def slot(self, key: bytes) -> int | None:
        """Where the record of a key is."""
        return self._slots.get(key)

    def value(self, key: bytes) -> bytes | None:
        """The newest record of a key."""
        slot = self._slots.get(key)
        return None if slot is None else self._values[slot]

    def at(self, slot: int) -> Kept:
        """The record in a slot."""
        key, value = self._keys[slot], self._values[slot]
        assert key is not None
        assert value is not None
        return Kept(slot, key, value)

    def slots_of(self, subject: int) -> list[int]:
        """The slots of all that is said of a subject."""
        columns = self.columns
        found: list[int] = np.flatnonzero((columns.subject == subject) & ~np.isnan(columns.rank)).tolist()
        return found

    def older_than(self, origin_ms: int) -> Iterator[bytes]:
        """The keys whose records were made before an instant."""
        columns = self.columns
        for slot in np.flatnonzero((columns.origin_ms < origin_ms) & ~np.isnan(columns.rank)).tolist():
            yield self.at(slot).key

    def put(self, key: bytes, value: bytes, gist: Gist, subject: int) -> None:
        """Keep a record in place of the one of the same key."""
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = self._new_slot()
            self._keys[slot] = key
        self._values[slot] = value
        columns = self.columns
        columns.rank[slot], columns.tie[slot] = gist.rank, tie_of(key)
        columns.subject[slot] = subject
        columns.origin_ms[slot], columns.expires_at_ms[slot] = gist.origin_ms, gist.expires_at_ms
        columns.kind[slot], columns.severity[slot] = KINDS.index(gist.kind), gist.severity
        columns.state[slot], columns.rule[slot] = self.states.code(gist.state), self.rules.code(gist.rule)
        self._ranking.note(slot)

    def drop(self, key: bytes) -> int:
        """Forget the record of a key; returns the subject that it was about."""
        slot = self._slots.pop(key)
        self._keys[slot] = self._values[slot] = None
        self._free.append(slot)
        self.columns.rank[slot] = np.nan
        self._ranking.note(slot)
        return int(self.columns.subject[slot])

    def order(self) -> tuple[Places, Slots]:
        """The places of all records in ascending order, and their slots."""
        return self._ranking.order(self.columns.rank, self.columns.tie)

    def live(self) -> npt.NDArray[np.bool_]:
        """Which slots hold a record."""
        return ~np.isnan(self.columns.rank)

    def _new_slot(self) -> int:
        if self._free:
            return self._free.pop()
        self._keys.append(None)
        self._values.append(None)
        self.columns.make_room(len(self._keys))
        return len(self._keys) - 1
