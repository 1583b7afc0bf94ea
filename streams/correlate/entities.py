"""The entities that are heard of, and what is usual for each: a slot each, and a number for each metric."""

from typing import Any, NamedTuple

import numpy as np

from models.arrays import Ints
from models.incidents.scores import LAYOUT
from models.layout import Arrays, allocate, grow, reset_rows
from streams.signals import SignalRecord

ENTITIES_MAX = 100_000
METRICS_MAX = 10_000
SCOPES_MAX = 1_000
IDLE_MINUTES = 1440
"""An entity that said nothing for a day may give its place to a newcomer."""

START_CAPACITY = 64
NOWHERE = -1


class Known(NamedTuple):
    """An entity, in its scope."""

    scope: str
    entity: str


class Entities:
    """Who has which slot, and the arrays of `models.incidents.scores`."""

    def __init__(self) -> None:
        self.arrays: Arrays = allocate(LAYOUT, START_CAPACITY)
        self.known: list[Known | None] = []
        self.metrics: list[str] = []
        self.evicted = 0
        """Entities that had to leave; no part of the state."""
        self._slots: dict[tuple[str, str], int] = {}
        self._scopes: dict[str, int] = {}
        self._free: list[int] = []
        self._numbers: dict[str, int] = {}
        self._swept_minute: int | None = None

    def __len__(self) -> int:
        return len(self._slots)

    def name(self, slot: int) -> Known:
        """The entity of a slot that is taken."""
        known = self.known[slot]
        assert known is not None
        return known

    def places(self, record: SignalRecord, done_minute: int | None) -> tuple[Ints, Ints]:
        """Slots of a record's entities and numbers of its metrics; -1 where there is no room."""
        scopes = [record.scope[place] for place in record.scope_of.tolist()]
        found = [self._slots.get(pair, NOWHERE) for pair in zip(scopes, record.entity, strict=True)]
        for place in [place for place, slot in enumerate(found) if slot == NOWHERE]:
            found[place] = self._welcome(Known(scopes[place], record.entity[place]), done_minute)
        slots = np.array(found, np.int64)
        seen = slots[record.entity_of]
        np.maximum.at(self.arrays["seen_minute"], seen[seen >= 0], record.minute[seen >= 0])
        return slots, np.array([self._number(metric) for metric in record.metric], np.int64)

    def _welcome(self, known: Known, done_minute: int | None) -> int:
        """A slot for a newcomer, which nobody that is not idle has to leave for; -1 where there is none."""
        if len(self._slots) >= ENTITIES_MAX and done_minute != self._swept_minute:
            self._sweep(done_minute)
        is_full = known.scope not in self._scopes and len(self._scopes) >= SCOPES_MAX
        if len(self._slots) >= ENTITIES_MAX or is_full:
            return NOWHERE
        return self._house(known)

    def _house(self, known: Known) -> int:
        slot = self._free.pop() if self._free else len(self.known)
        if slot == len(self.known):
            self.known.append(None)
            if slot == len(self.arrays["mean"]):
                self.arrays = grow(self.arrays, LAYOUT, 2 * slot)
        self._take(known, slot)
        return slot

    def _take(self, known: Known, slot: int) -> None:
        self.known[slot], self._slots[known] = known, slot
        self._scopes[known.scope] = self._scopes.get(known.scope, 0) + 1

    def _sweep(self, done_minute: int | None) -> None:
        """Free the slots of idle entities."""
        self._swept_minute = done_minute
        for slot, known in enumerate(self.known):
            if known is None or int(self.arrays["seen_minute"][slot]) > (done_minute or 0) - IDLE_MINUTES:
                continue
            self.known[slot] = None
            del self._slots[known]
            self._scopes[known.scope] -= 1
            if not self._scopes[known.scope]:
                del self._scopes[known.scope]
            reset_rows(self.arrays, LAYOUT, np.array([slot]))
            self._free.append(slot)
            self.evicted += 1

    def _number(self, metric: str) -> int:
        number = self._numbers.get(metric)
        if number is None:
            if len(self.metrics) >= METRICS_MAX:
                return NOWHERE
            number = self._numbers[metric] = len(self.metrics)
            self.metrics.append(metric)
        return number

    def is_known_scope(self, scope: str) -> bool:
        """Whether any entity of a scope is known."""
        return scope in self._scopes

    def dump_places(self) -> dict[str, Any]:
        """Slots that are free, and when was looked for more, in plain values."""
        return {"free": self._free, "swept_minute": self._swept_minute}

    def load(self, known: list[Any], metrics: list[str], places: dict[str, Any]) -> None:
        """Put back names and places; the arrays are filled by who calls."""
        self.known = [None] * len(known)
        for slot, pair in enumerate(known):
            if pair is not None:
                self._take(Known(*pair), slot)
        self.metrics = metrics
        self._numbers = {metric: number for number, metric in enumerate(metrics)}
        self._free, self._swept_minute = places["free"], places["swept_minute"]
        if len(known) > len(self.arrays["mean"]):
            self.arrays = grow(self.arrays, LAYOUT, len(known))
