"""Forecasters that are fitted anew at every origin, to the newest samples."""

from collections.abc import Callable

import numpy as np

from load.backtest.baselines.contract import Subject, steps_kept
from models.arrays import Floats

Fit = Callable[[Floats, Subject], Floats]


class Refit:
    """Keeps the newest samples, and gives them to `fit`, whole: a gap holds the value before it."""

    def __init__(self, subject: Subject, fit: Fit) -> None:
        self._subject, self._fit = subject, fit
        self._newest = np.empty(0)

    def learn(self, values: Floats) -> None:
        """See `Forecaster`."""
        self._newest = np.concatenate([self._newest, values])[-steps_kept(self._subject.season) :]

    def forecast(self) -> Floats:
        """See `Forecaster`."""
        return self._fit(held(self._newest), self._subject)


def held(values: Floats) -> Floats:
    """The values from the first sample on, where each gap holds the sample before it."""
    known = np.flatnonzero(~np.isnan(values))
    places = np.arange(known[0], len(values))
    return values[known[np.searchsorted(known, places, side="right") - 1]]
