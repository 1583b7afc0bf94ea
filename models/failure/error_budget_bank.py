"""Objectives, their error budgets (`error_budgets`), and how likely an alert is soon (`bank`). A slot is an entity's.

How near an alert is, its *level*, is the burn rate of the slower window of the pair that comes closest, in units of the
rate that the pair alerts at. An alert is an episode of a level above 1, predicted and settled like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.arrays import Flags, Floats, Times
from models.failure import error_budgets, rounds
from models.failure.bank import FailureBank, FailurePrediction
from models.failure.tracks import HORIZONS
from models.layout import Field, SlotBank, Slots

OF_OBJECTIVE = (Field("said", "i8", (), rounds.NO_ROUND, "intervals", "the interval of the last record"),)
LAYOUT = (*rounds.LAYOUT, *error_budgets.LAYOUT, *OF_OBJECTIVE)

ALERT_LEVEL = 1.0
HOUR_MS = 3_600_000


class WindowPair(NamedTuple):
    """An alert: both windows burn faster than this."""

    long_ms: int
    short_ms: int
    burn_rate: float


@dataclass(frozen=True, slots=True)
class ErrorBudgetStanding:
    """Budgets of n slots, arrays of shape (n,) where none is named."""

    every: Floats  # events in the budget's window
    bad: Floats
    left: Floats  # share of the budget
    long_rates: Floats  # burn rates of the pairs' windows, (n, pairs)
    short_rates: Floats
    level: Floats
    exhausted_in_ms: Floats  # infinite where it is not spent, at the burn rate of the first pair's long window


class ErrorBudgetBank(SlotBank):
    """Rounds and budgets of `capacity` slots, and the episodes of their alerts."""

    def __init__(self, capacity: int) -> None:
        super().__init__(LAYOUT, capacity)
        self.alerts = FailureBank(capacity)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots; those there are stay as they are."""
        super().reserve(slots)
        self.alerts.reserve(slots)

    def clear(self, slots: Slots) -> None:
        """Make these slots fresh again, and those of their alerts."""
        super().clear(slots)
        level, above = np.full(len(slots), ALERT_LEVEL), np.ones(len(slots), np.int64)
        self.alerts.reset(slots, level, above, np.zeros(len(slots), np.int64), np.full(len(slots), HOUR_MS))

    def add(self, slots: Slots, now_ms: Times, bad: Floats, every: Floats) -> None:
        """Events of distinct slots, shapes (n,)."""
        error_budgets.add(self.arrays, slots, now_ms, bad, every)

    def standing(self, slots: Slots, target: float, window_ms: int, pairs: Sequence[WindowPair]) -> ErrorBudgetStanding:
        """The budgets of slots with one objective, as of their newest samples."""
        bad, every = error_budgets.sums(self.arrays, slots, window_ms)
        left = error_budgets.left(bad, every, target)
        long_rates = np.stack([self._rate(slots, pair.long_ms, target) for pair in pairs], axis=1)
        short_rates = np.stack([self._rate(slots, pair.short_ms, target) for pair in pairs], axis=1)
        # level = max over pairs of min(burn of long, burn of short) / rate of the pair
        slower = np.minimum(long_rates, short_rates) / np.array([pair.burn_rate for pair in pairs])
        spent_in_ms = error_budgets.exhausted_in_ms(left, long_rates[:, 0], window_ms)
        return ErrorBudgetStanding(every, bad, left, long_rates, short_rates, slower.max(axis=1), spent_in_ms)

    def judge(self, slots: Slots, level: Floats, step_ms: Times) -> Flags:
        """Follow the alerts of distinct slots; which of them there is one of now, shape (n,)."""
        self.alerts.update(slots, self.arrays["last_ms"][slots], level, step_ms)
        firing: Flags = self.alerts.arrays["in_episode"][slots]
        return firing

    def foretell(self, slots: Slots, every_ms: Times) -> FailurePrediction:
        """How likely an alert of distinct slots is, to be published about every so long; nobody forecasts a level."""
        no_paths = np.full((len(slots), HORIZONS), np.nan)
        return self.alerts.publish(slots, self.arrays["last_ms"][slots], no_paths, every_ms)

    def publishes(self, slots: Slots, every_ms: int, group: int) -> tuple[Flags, Flags]:
        """Which slots have come to a new interval of records, and to a new group of so many; notes it as begun."""
        interval, said = self.arrays["last_ms"][slots] // every_ms, self.arrays["said"][slots]
        self.arrays["said"][slots] = interval
        return interval > said, interval // group > said // group

    def _rate(self, slots: Slots, window_ms: int, target: float) -> Floats:
        return error_budgets.burn_rates(*error_budgets.sums(self.arrays, slots, window_ms), target)
