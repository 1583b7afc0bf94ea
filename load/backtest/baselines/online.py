"""Forecasters that learn sample by sample: River's models, as a service would use them.

The models give points alone. Their spread is that of their own errors at earlier origins, which lie a horizon apart;
so it is learned step ahead by step ahead. The first season tells centre and scale, and models see values
z = 1 + (y - centre) / scale: about 1, so that learning rates mean the same for bytes and for shares. With a mean of 1
the additive HoltWinters of River 0.26 also begins rightly: it takes the ratio to the mean for the difference.

River's own evaluator is not used: it forecasts before it learns the newest sample.
"""

from typing import Protocol

import numpy as np

from load.backtest.baselines.contract import Subject
from load.backtest.baselines.deciles import deciles_by_errors
from models.arrays import Floats

FIRST_STEPS_MIN = 12
"""Steps that tell centre and scale, where a season has fewer."""

ERRORS_KEPT = 120
"""Earlier origins whose errors make the spread."""


class OnlineModel(Protocol):
    """A model of River's."""

    def learn_one(self, y: float) -> None: ...

    def forecast(self, horizon: int) -> list[float]: ...


class Online:
    """Feeds one model. A gap holds the value before it; the last value is the forecast until a season is over."""

    def __init__(self, subject: Subject, model: OnlineModel) -> None:
        self._horizon, self._model = subject.horizon, model
        self._waiting = max(subject.season, FIRST_STEPS_MIN)
        self._centre, self._scale = 0.0, 1.0
        self._last = np.nan
        self._came: list[float] = []
        self._foretold: Floats | None = None
        self._errors: list[Floats] = []

    def learn(self, values: Floats) -> None:
        """See `Forecaster`."""
        for value in values.tolist():
            if not np.isnan(value):
                self._last = value
            if not np.isnan(self._last):
                self._learn_one(self._last)

    def forecast(self) -> Floats:
        """See `Forecaster`."""
        if self._waiting:
            return deciles_by_errors(np.full(self._horizon, self._last), np.empty((0, self._horizon)))
        return deciles_by_errors(self._point(), np.array(self._errors).reshape(-1, self._horizon))

    def _learn_one(self, value: float) -> None:
        self._came.append(value)
        if self._waiting:
            self._waiting -= 1
            if not self._waiting:
                self._begin()
            return
        self._model.learn_one(self._scaled(value))
        if len(self._came) == self._horizon:
            self._look_back()

    def _begin(self) -> None:
        first = np.array(self._came)
        self._centre = float(first.mean())
        self._scale = float(first.std()) or abs(self._centre) or 1.0
        for value in self._came:
            self._model.learn_one(self._scaled(value))
        self._came = []

    def _look_back(self) -> None:
        """A horizon has passed since the last look: compare what was foretold then, and foretell again."""
        if self._foretold is not None:
            self._errors = [*self._errors[1 - ERRORS_KEPT :], np.abs(np.array(self._came) - self._foretold)]
        self._foretold, self._came = self._point(), []

    def _scaled(self, value: float) -> float:
        return 1.0 + (value - self._centre) / self._scale

    def _point(self) -> Floats:
        z = np.array(self._model.forecast(self._horizon), np.float64)
        return self._centre + (z - 1.0) * self._scale
