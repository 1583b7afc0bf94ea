"""Naive: the last value stays; the spread grows as that of a random walk."""

import numpy as np

from load.backtest.baselines.contract import Extra, Subject
from load.backtest.baselines.deciles import normal_deciles
from load.backtest.baselines.refit import Refit
from models.arrays import Floats


class Naive:
    """See the module."""

    name = "naive"
    title = "naive"
    needs: Extra | None = None

    def begin(self, subject: Subject) -> Refit:
        """See `Baseline`."""
        return Refit(subject, last_value)


def last_value(values: Floats, subject: Subject) -> Floats:
    """Deciles around the newest of `values`."""
    ahead = np.arange(1, subject.horizon + 1)
    squares = np.diff(values) ** 2
    # sigma[h] = sigma sqrt(h)
    deviation = np.sqrt(squares.mean() * ahead) if len(squares) else np.zeros(subject.horizon)
    return normal_deciles(np.full(subject.horizon, values[-1]), deviation)
