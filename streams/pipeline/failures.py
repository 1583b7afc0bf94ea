"""Failure rules at work: their pairs, and the bank that counts how often a failure followed and weighs forecasts."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.failure import tracks
from models.failure.bank import FailureBank, FailurePrediction
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import applies
from streams.pipeline.pairs import NO_PAIR, Pair, Pairs
from streams.pipeline.paths import Passing, Paths
from streams.settings.rules import FailureRule

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

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
                self._reset(pair, rule)

    def remove_series(self, slot: int) -> None:
        """Forget a series."""
        self.pairs.remove_series(slot)

    def restart_series(self, slot: int) -> None:
        """Forget what was learned of a series."""
        for number, rule in enumerate(self.rules):
            pair = self.pairs.number(Pair(slot, number))
            if pair != NO_PAIR:
                self._reset(pair, rule)

    def restart_pair(self, pair: int) -> None:
        """Forget what was learned of a pair."""
        known = self.pairs.pairs[pair]
        assert known is not None
        self._reset(pair, self.rules[known.rule])

    def update(self, slots: Ints, timestamp_ms: Ints, value: Floats, step_ms: Ints) -> None:
        """One sample each of different series."""
        for number in range(len(self.rules)):
            pairs = self.pairs.numbers(number, slots)
            places = np.flatnonzero(pairs != NO_PAIR)
            if len(places):
                self.bank.update(pairs[places], timestamp_ms[places], value[places], step_ms[places])

    def publish(self, slots: Ints, timestamp_ms: Ints, every_ms: Ints) -> Iterator[FailureOutcome]:
        """What is to be told of different series, rule by rule, which is noted as told.

        Parameters
        ----------
        timestamp_ms
            Of the samples that set the predictions off, shape (n,).
        every_ms
            How far apart predictions of a series are, shape (n,).
        """
        for number, rule in enumerate(self.rules):
            pairs = self.pairs.numbers(number, slots)
            places = np.flatnonzero(pairs != NO_PAIR)
            if len(places):
                of = pairs[places]
                paths = self._paths_of(rule, slots[places], of)
                told = self.bank.publish(of, timestamp_ms[places], paths, every_ms[places])
                yield FailureOutcome(rule, places, told)

    def _paths_of(self, rule: FailureRule, slots: Ints, pairs: Ints) -> Floats:
        """How likely the forecasts of series break a rule within each of its horizons, shape (n, HORIZONS)."""
        threshold, run_ms = (self.bank.arrays[name][pairs] for name in ("threshold", "run_ms"))
        passing = Passing(threshold, 1 if rule.above is not None else -1, rule.for_ms, run_ms)
        within_ms, _ = tracks.horizons_ms(rule.within_ms)
        return self.paths.within(slots, passing, within_ms)

    def _reset(self, pair: int, rule: FailureRule) -> None:
        above = rule.above is not None
        threshold = rule.above if rule.above is not None else rule.below
        assert threshold is not None, "the settings demand one of above and below"
        self.bank.reset(
            np.array([pair]),
            np.array([threshold]),
            np.array([1 if above else -1]),
            np.array([rule.for_ms]),
            np.array([rule.within_ms]),
        )
