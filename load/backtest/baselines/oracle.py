"""The oracle is told what will come. Whatever error it has is an error of the scoring."""

import numpy as np

from load.backtest.baselines.contract import Extra, Subject
from models.arrays import Floats
from streams.settings.forecast import DECILES


class Foretold:
    """Says what it is told with `foretell`."""

    def __init__(self, subject: Subject) -> None:
        self._ahead = np.full(subject.horizon, np.nan)

    def foretell(self, ahead: Floats) -> None:
        """What will come; fewer than `horizon` values at a recording's end."""
        self._ahead[:] = np.nan
        self._ahead[: len(ahead)] = ahead

    def learn(self, values: Floats) -> None:
        """See `Forecaster`: the past has nothing to teach it."""

    def forecast(self) -> Floats:
        """See `Forecaster`."""
        return np.repeat(self._ahead[:, None], len(DECILES), axis=1)


class Oracle:
    """See the module."""

    name = "oracle"
    title = "oracle"
    needs: Extra | None = None

    def begin(self, subject: Subject) -> Foretold:
        """See `Baseline`."""
        return Foretold(subject)
