"""Capacity rules at work: their pairs, the limits they look up, and the bank that follows the levels."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints
from models.capacity.bank import CapacityBank, CapacityPrediction
from models.capacity.horizons import WITHIN_MS
from models.capacity.levels import REACHES_MS
from models.layout import Arrays
from streams.pipeline.capacity_limits import NO_SLOT, Limits, fixed_limit
from streams.pipeline.catalog import Catalog, Entry
from streams.pipeline.config import applies
from streams.pipeline.groups import tie
from streams.pipeline.pairs import NO_PAIR, Pair, Pairs
from streams.pipeline.paths import Passing, Paths
from streams.settings.rules import CapacityRule

START_CAPACITY = 16


class CapacityOutcome(NamedTuple):
    """Predictions of one rule for the rows at `places`; `limit` is NaN where it is not known."""

    rule: CapacityRule
    places: Ints
    limit: Floats
    prediction: CapacityPrediction


class CapacityTracker:
    """Follows every series that a capacity rule applies to."""

    def __init__(self, rules: tuple[CapacityRule, ...], catalog: Catalog, grid: Arrays, paths: Paths) -> None:
        self.rules = rules
        self.catalog = catalog
        self.grid = grid
        self._paths = paths
        self.pairs = Pairs(len(rules))
        self.bank = CapacityBank(START_CAPACITY)
        self.limits = Limits()

    def add_series(self, slot: int) -> None:
        """Pair a series with the rules for it that it has no pair with yet, and with the series it limits."""
        entry = self.catalog.entry(slot)
        for number, rule in enumerate(self.rules):
            # A limit is not limited by itself, whatever the rule's pattern matches.
            if applies(rule, entry.key) and entry.key.metric != rule.limit.metric:
                self._add_pair(Pair(slot, number))
                self.limits.add(self.pairs.number(Pair(slot, number)), fixed_limit(rule.limit, entry.key))
                self._find_limit(slot, number)
        self._find_limits_like(entry)

    def remove_series(self, slot: int, entry: Entry) -> None:
        """Forget a series that has left the catalogue."""
        for pair in self.pairs.of_series(slot):
            self.limits.forget(pair)
        self.pairs.remove_series(slot)
        self._find_limits_like(entry)

    def takes_limit_away(self, newcomer: Entry) -> bool:
        """Whether a series has a limit now that it would have no more, or not the same, beside this newcomer."""
        return any(
            self.limits.slot_of(self.pairs.number(Pair(slot, number))) != NO_SLOT
            and self.catalog.same_labels(slot, newcomer.key.metric) is None
            for slot, number in self._limited_like(newcomer)
        )

    def restart_series(self, slot: int) -> None:
        """Forget what was learned of a series."""
        for pair in self.pairs.of_series(slot):
            self.restart_pair(pair)

    def restart_pair(self, pair: int) -> None:
        """Forget what was learned of a pair."""
        rule = self.rules[self.pairs.pair(pair).rule]
        self.bank.reset(np.array([pair]), np.array([_direction(rule)]))

    def update(self, slots: Ints, timestamp_ms: Ints, value: Floats) -> None:
        """One sample each of different series."""
        for number, places, pairs in self.pairs.by_rule(slots):
            limit = self.limits.of(pairs, self.grid)
            due = self.bank.update(pairs, timestamp_ms[places], value[places], limit)
            if len(due):
                paths = self._reaching(self.rules[number], slots[places][due], limit[due])
                self.bank.look(pairs[due], limit[due], paths)

    def predict(self, slots: Ints) -> Iterator[CapacityOutcome]:
        """Predictions for different series, rule by rule."""
        for number, places, pairs in self.pairs.by_rule(slots):
            rule, limit = self.rules[number], self.limits.of(pairs, self.grid)
            # An unknown limit is predicted like a limit at 0, and not published.
            known = np.nan_to_num(limit)
            paths = self._reaching(rule, slots[places], known)
            yield CapacityOutcome(rule, places, limit, self.bank.predict(pairs, known, paths))

    def _reaching(self, rule: CapacityRule, slots: Ints, limit: Floats) -> Floats:
        """How likely the forecasts reach the limit within each horizon, (n, HORIZONS)."""
        passing = Passing(limit, _direction(rule), REACHES_MS, np.zeros_like(slots))
        return self._paths.within(slots, passing, WITHIN_MS)

    def _add_pair(self, pair: Pair) -> None:
        if self.pairs.number(pair) == NO_PAIR:
            number = self.pairs.add(pair)
            self.bank.reserve(number + 1)
            self.restart_pair(number)

    def _limited_like(self, limit: Entry) -> Iterator[Pair]:
        """The pairs that a series may limit: those of its entity that have all its labels."""
        labels = set(limit.key.labels)
        for number, rule in enumerate(self.rules):
            if rule.limit.metric == limit.key.metric:
                for slot in sorted(self.catalog.of_entity(limit.entity)):
                    pair = Pair(slot, number)
                    if self.pairs.number(pair) != NO_PAIR and labels.issubset(self.catalog.entry(slot).key.labels):
                        yield pair

    def _find_limits_like(self, entry: Entry) -> None:
        """Look up limits again where a series that comes or goes may make a difference."""
        for slot, number in self._limited_like(entry):
            self._find_limit(slot, number)

    def _find_limit(self, slot: int, rule: int) -> None:
        """Look up the limit of a pair, and tie the order of both series together."""
        metric, pair = self.rules[rule].limit.metric, self.pairs.number(Pair(slot, rule))
        if metric is None:
            return
        limit = self.catalog.limit_slot(slot, metric)
        self.limits.follow(pair, NO_SLOT if limit is None else limit)
        if limit is not None:
            # A prediction uses the limit as it stood when its sample came.
            tie(self.catalog, self.grid, slot, limit)


def _direction(rule: CapacityRule) -> int:
    return 1 if rule.direction == "up" else -1
