"""Pairs: a series and a rule that applies to it. A rule bank has one slot for each pair."""

import heapq
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.arrays import Ints

NO_PAIR = -1


class Pair(NamedTuple):
    """A series' slot and the number of a rule."""

    slot: int
    rule: int


class Found(NamedTuple):
    """Which of n slots a rule has pairs with, and the numbers of these; both of shape (k,)."""

    rule: int
    places: Ints
    pairs: Ints


class Pairs:
    """Which pair has which number: lowest free number first, found by rule for many slots at once."""

    def __init__(self, rules: int) -> None:
        self.rules = rules
        self.pairs: list[Pair | None] = []
        self._free: list[int] = []
        self._number: list[Ints] = [np.full(0, NO_PAIR, np.int64) for _ in range(rules)]

    def add(self, pair: Pair) -> int:
        """Number a new pair."""
        number = heapq.heappop(self._free) if self._free else len(self.pairs)
        if number == len(self.pairs):
            self.pairs.append(None)
        self._put(number, pair)
        return number

    def remove_series(self, slot: int) -> None:
        """Forget a series' pairs."""
        for rule in self.rules_of(slot):
            number = self.number(Pair(slot, rule))
            self.pairs[number] = None
            heapq.heappush(self._free, number)
            self._number[rule][slot] = NO_PAIR

    def rules_of(self, slot: int) -> list[int]:
        """The numbers of the rules that a series has a pair with."""
        return [rule for rule in range(self.rules) if self.number(Pair(slot, rule)) != NO_PAIR]

    def of_series(self, slot: int) -> list[int]:
        """The numbers of a series' pairs, rule by rule."""
        return [self.number(Pair(slot, rule)) for rule in self.rules_of(slot)]

    def number(self, pair: Pair) -> int:
        """The number of a pair, or NO_PAIR."""
        table = self._number[pair.rule]
        return int(table[pair.slot]) if pair.slot < len(table) else NO_PAIR

    def pair(self, number: int) -> Pair:
        """The pair with a number that is taken."""
        pair = self.pairs[number]
        assert pair is not None, f"pair {number} is free"
        return pair

    def by_rule(self, slots: Ints) -> Iterator[Found]:
        """The pairs of different slots, rule by rule, where there are any."""
        for rule in range(self.rules):
            numbers = self.numbers(rule, slots)
            places = np.flatnonzero(numbers != NO_PAIR)
            if len(places):
                yield Found(rule, places, numbers[places])

    def numbers(self, rule: int, slots: Ints) -> Ints:
        """The numbers of a rule's pairs with many slots; NO_PAIR where it doesn't apply."""
        table = self._number[rule]
        if not len(table):
            return np.full(len(slots), NO_PAIR, np.int64)
        known = np.minimum(slots, len(table) - 1)
        return np.where(slots < len(table), table[known], NO_PAIR)

    def load(self, pairs: list[Pair | None]) -> None:
        """Fill an empty table."""
        self.pairs = [None] * len(pairs)
        for number, pair in enumerate(pairs):
            if pair is None:
                heapq.heappush(self._free, number)
            else:
                self._put(number, pair)

    def _put(self, number: int, pair: Pair) -> None:
        self.pairs[number] = pair
        table = self._number[pair.rule]
        if pair.slot >= len(table):
            larger = np.full(max(pair.slot + 1, 2 * len(table)), NO_PAIR, np.int64)
            larger[: len(table)] = table
            self._number[pair.rule] = table = larger
        table[pair.slot] = number
