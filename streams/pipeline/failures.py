"""Failure rules at work: their pairs, and the bank that counts how often a failure followed and weighs forecasts."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints
from models.failure import tracks
from models.failure.bank import FailureBank, FailurePrediction
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import applies
from streams.pipeline.pairs import NO_PAIR, Pair, Pairs
from streams.pipeline.paths import Passing, Paths
from streams.settings.rules import FailureRule

START_CAPACITY = 16


class FailureOutcome(NamedTuple):
    """Predictions of one rule for the rows at `places`."""

    rule: FailureRule
    places: Ints
    prediction: FailurePrediction


class FailureTracker:
    """Follows every series that a failure rule applies to."""

    def __init__(self, rules: tuple[FailureRule, ...], catalog: Catalog, paths: Paths) -> None:
        self.rules = rules
        self.catalog = catalog
        self.paths = paths
        self.pairs = Pairs(len(rules))
        self.bank = FailureBank(START_CAPACITY)

    def add_series(self, slot: int) -> None:
        """Pair a series with the rules for it that it has no pair with yet."""
        key = self.catalog.entry(slot).key
        for number, rule in enumerate(self.rules):
            if applies(rule, key) and self.pairs.number(Pair(slot, number)) == NO_PAIR:
                pair = self.pairs.add(Pair(slot, number))
                self.bank.reserve(pair + 1)
                self.restart_pair(pair)

    def remove_series(self, slot: int) -> None:
        """Forget a series."""
        self.pairs.remove_series(slot)

    def restart_series(self, slot: int) -> None:
        """Forget what was learned of a series."""
        for pair in self.pairs.of_series(slot):
            self.restart_pair(pair)

    def restart_pair(self, pair: int) -> None:
        """Forget what was learned of a pair."""
        rule = self.rules[self.pairs.pair(pair).rule]
        threshold = rule.above if rule.above is not None else rule.below
        assert threshold is not None, "the settings demand one of above and below"
        self.bank.reset(
            np.array([pair]),
            np.array([threshold]),
            np.array([_direction(rule)]),
            np.array([rule.for_ms]),
            np.array([rule.within_ms]),
        )

    def update(self, slots: Ints, timestamp_ms: Ints, value: Floats, step_ms: Ints) -> None:
        """One sample each of different series."""
        for _, places, pairs in self.pairs.by_rule(slots):
            self.bank.update(pairs, timestamp_ms[places], value[places], step_ms[places])

    def publish(self, slots: Ints, timestamp_ms: Ints, every_ms: Ints) -> Iterator[FailureOutcome]:
        """Predictions for different series, rule by rule, which are noted as published.

        Parameters
        ----------
        timestamp_ms
            Of the samples that set the predictions off, shape (n,).
        every_ms
            How far apart predictions of a series are, shape (n,).
        """
        for number, places, pairs in self.pairs.by_rule(slots):
            rule = self.rules[number]
            paths = self._paths_of(rule, slots[places], pairs)
            predicted = self.bank.publish(pairs, timestamp_ms[places], paths, every_ms[places])
            yield FailureOutcome(rule, places, predicted)

    def _paths_of(self, rule: FailureRule, slots: Ints, pairs: Ints) -> Floats:
        """How likely the forecasts of series break a rule within each of its horizons, shape (n, HORIZONS)."""
        threshold, run_ms = (self.bank.arrays[name][pairs] for name in ("threshold", "run_ms"))
        passing = Passing(threshold, _direction(rule), rule.for_ms, run_ms)
        within_ms, _ = tracks.horizons_ms(rule.within_ms)
        return self.paths.within(slots, passing, within_ms)


def _direction(rule: FailureRule) -> int:
    return 1 if rule.above is not None else -1
