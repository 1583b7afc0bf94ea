"""Members: the series that an entity's predictions are made of, rule by rule.

A rule has one *owner* for each entity with a series that it applies to; the series are the owner's members. Both are
numbered, lowest free number first, as slots of the banks that follow them.
"""

import heapq
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.arrays import Ints
from models.layout import Arrays
from streams.pipeline.catalog import Catalog
from streams.pipeline.groups import tie
from streams.pipeline.pairs import NO_PAIR, Pair, Pairs

NO_OWNER = -1


class Owner(NamedTuple):
    """An entity, and the number of a rule."""

    entity: str
    rule: int


class Members:
    """Which series belong to which owner, and which of both has which number."""

    def __init__(self, rules: int, catalog: Catalog, grid: Arrays) -> None:
        self.pairs = Pairs(rules)
        """The members: pairs of a series and a rule."""
        self.owners: list[Owner | None] = []
        self._catalog, self._grid = catalog, grid
        self._number: dict[Owner, int] = {}
        self._free: list[int] = []
        self._owner_of = np.full(0, NO_OWNER, np.int64)
        self._members: dict[int, list[int]] = {}

    def add(self, slot: int, rule: int) -> tuple[int | None, int | None]:
        """Let a series be a member of its entity's owner; the numbers of those of the two that are new.

        Members share the order of their rows: what is said of an entity follows from all of them.
        """
        owner = Owner(self._catalog.entry(slot).entity, rule)
        pair = Pair(slot, rule)
        new_owner = None if owner in self._number else self._add_owner(owner)
        new_member = self.pairs.add(pair) if self.pairs.number(pair) == NO_PAIR else None
        member, number = self.pairs.number(pair), self._number[owner]
        if member not in self._members[number]:
            # All that are members already have one order; to one of them it is tied, and so to all.
            for other in self._members[number][:1]:
                tie(self._catalog, self._grid, slot, self.slot_of(other))
            self._join(member, number)
        return new_member, new_owner

    def remove_series(self, slot: int) -> list[Owner]:
        """Forget a series; the owners of which it was the last member, and which are gone with it."""
        gone = []
        for member in self.pairs.of_series(slot):
            number = int(self._owner_of[member])
            self._owner_of[member] = NO_OWNER
            self._members[number].remove(member)
            if not self._members[number]:
                gone.append(self._remove_owner(number))
        self.pairs.remove_series(slot)
        return gone

    def would_go(self, slot: int) -> list[Owner]:
        """The owners of which a series is the last member."""
        numbers = [int(self._owner_of[member]) for member in self.pairs.of_series(slot)]
        return [self.owner(number) for number in numbers if len(self._members[number]) == 1]

    def owner(self, number: int) -> Owner:
        """The owner with a number that is taken."""
        owner = self.owners[number]
        assert owner is not None, f"owner {number} is free"
        return owner

    def owners_of(self, members: Ints) -> Ints:
        """The owners of members."""
        return self._owner_of[members]

    def distinct_owners_of(self, members: Ints) -> Ints:
        """The owners of members, no two of which have the same: each has one place in what is written to arrays."""
        owners = self.owners_of(members)
        assert len(set(owners.tolist())) == len(owners), "two samples of one entity at once"
        return owners

    def slot_of(self, member: int) -> int:
        """The series that a member is."""
        return self.pairs.pair(member).slot

    def members_of(self, number: int) -> list[int]:
        """The members of an owner, ascending."""
        return self._members[number]

    def of_rule(self, rule: int) -> Iterator[tuple[int, str]]:
        """The owners of a rule with their entities, in the order of their numbers."""
        for number, owner in enumerate(self.owners):
            if owner is not None and owner.rule == rule:
                yield number, owner.entity

    def load(self, owners: list[Owner | None]) -> None:
        """Fill an empty table of owners; their members join them as they are added."""
        self.owners = [None] * len(owners)
        for number, owner in enumerate(owners):
            if owner is None:
                heapq.heappush(self._free, number)
            else:
                self._put(number, owner)

    def _add_owner(self, owner: Owner) -> int:
        number = heapq.heappop(self._free) if self._free else len(self.owners)
        if number == len(self.owners):
            self.owners.append(None)
        self._put(number, owner)
        return number

    def _remove_owner(self, number: int) -> Owner:
        owner = self.owner(number)
        self.owners[number] = None
        heapq.heappush(self._free, number)
        del self._number[owner], self._members[number]
        return owner

    def _put(self, number: int, owner: Owner) -> None:
        self.owners[number] = owner
        self._number[owner] = number
        self._members[number] = []

    def _join(self, member: int, number: int) -> None:
        if member >= len(self._owner_of):
            more = max(member + 1, 2 * len(self._owner_of)) - len(self._owner_of)
            self._owner_of = np.concatenate((self._owner_of, np.full(more, NO_OWNER, np.int64)))
        self._owner_of[member] = number
        self._members[number] = sorted([*self._members[number], member])
