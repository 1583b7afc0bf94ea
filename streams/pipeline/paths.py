"""What the forecasts of series say of thresholds; see `models.forecast.paths`. Changes nothing."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints
from models.forecast import paths
from models.forecast.bank import ForecastBank
from models.layout import Arrays

# Series at a time: what is held for each step of theirs stays small.
_CHUNK = 256


class Passing(NamedTuple):
    """What is asked of n series: how likely they are past their thresholds for so long without a break."""

    threshold: Floats  # (n,)
    direction: int  # +1 if past it is above, -1 if it is below
    for_ms: int
    run_ms: Ints  # (n,): how long they have been, with their last samples


class Paths:
    """Reads the forecasts of a bank, those that are at hand and those that it makes for it."""

    def __init__(self, bank: ForecastBank, grid: Arrays) -> None:
        self._bank = bank
        self._grid = grid
        self.hold(np.zeros(0, np.int64), np.zeros((0, len(bank.horizons.anchors), len(bank.levels))))

    def hold(self, slots: Ints, quantiles: Floats) -> None:
        """Have these forecasts at hand, and no others: at the anchors, (n, anchors, levels), from the last samples."""
        order = np.argsort(slots)
        self._held, self._quantiles = slots[order], quantiles[order]

    def within(self, slots: Ints, passing: Passing, within_ms: Sequence[int]) -> Floats:
        """Probabilities of each of these times ahead, shape (n, len(within_ms)); NaN where a forecast ends before."""
        answers = np.full((len(slots), len(within_ms)), np.nan)
        step_ms = self._grid["step_ms"][slots]
        for step in np.unique(step_ms).tolist():
            reach = [ms // step for ms in within_ms]
            reached = [ahead for ahead in reach if 1 <= ahead <= self._bank.horizons.steps]
            if reached:
                rows = np.flatnonzero(step_ms == step)
                answers[rows] = self._of_step(slots, rows, passing, step, reach, max(reached))
        return answers

    def _of_step(
        self, slots: Ints, rows: Ints, passing: Passing, step_ms: int, reach: Sequence[int], farthest: int
    ) -> Floats:
        """Of the series at these rows, which have one step."""
        anchors = self._bank.horizons.anchors
        anchors = anchors[: np.searchsorted(anchors, farthest) + 1]
        steps, answers = max(-(-passing.for_ms // step_ms), 1), []
        for first in range(0, len(rows), _CHUNK):
            part = rows[first : first + _CHUNK]
            of = self._said(slots[part], anchors), self._bank.levels, anchors, passing.threshold[part]
            so_far = passing.run_ms[part] // step_ms
            answers.append(paths.within(*of, passing.direction, steps, so_far, reach))
        return np.concatenate(answers)

    def _said(self, slots: Ints, anchors: Ints) -> Floats:
        """Forecasts at the first anchors, (n, anchors, levels)."""
        place = np.minimum(np.searchsorted(self._held, slots), max(len(self._held) - 1, 0))
        held = self._held[place] == slots if len(self._held) else np.zeros(len(slots), np.bool_)
        said = np.empty((len(slots), len(anchors), len(self._bank.levels)))
        said[held] = self._quantiles[place[held], : len(anchors)]
        others = slots[~held]
        if len(others):
            said[~held] = self._bank.forecast(others, self._bank.arrays["last_step"][others], anchors)
        return said
