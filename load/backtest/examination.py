"""The examination: forecasts at every origin of the plan, scored by what comes until the next one."""

import numpy as np

from load.backtest.accuracy import Accuracy
from load.backtest.courses import Courses
from load.backtest.forecasts_file import ForecastsFile
from load.backtest.history import History
from load.backtest.plan import Plan
from load.backtest.stopwatch import Stopwatch
from load.backtest.window import Forecasts, Window
from models.arrays import Floats
from streams.pipeline.partition import PartitionPipeline
from streams.pipeline.rows import Rows
from streams.settings.forecast import DECILES


class Examination:
    """Asks the pipeline at the origins; it changes nothing there.

    Parameters
    ----------
    courses
        Gathers the series that baselines are compared on; None where there are none.

    Attributes
    ----------
    accuracy
        Over the windows that are complete.
    forecasts
        How many were made.
    last_window
        The newest complete one; None before the second origin.
    engine, naive
        The time of the pipeline's forecasts, and of seasonal naive's with what it learns.
    """

    def __init__(self, plan: Plan, pipeline: PartitionPipeline, file: ForecastsFile, courses: Courses | None) -> None:
        self.accuracy = Accuracy.of(plan.horizon)
        self.forecasts = 0
        self.last_window: Window | None = None
        self.engine, self.naive = Stopwatch(), Stopwatch()
        self._coming = list(reversed(plan.origins_ms))
        self._pipeline, self._file, self._courses = pipeline, file, courses
        self._history = History(plan, pipeline.state.grid)
        self._ahead = np.arange(1, plan.horizon + 1)
        self._deciles = np.searchsorted(pipeline.config.levels, DECILES)
        self._window: Window | None = None
        self._kept: list[Window] = []

    def learn(self, rows: Rows, value: Floats) -> None:
        """Samples of different series that the pipeline learned from, and what it learned of each."""
        with self.naive:
            learned = self._history.learn(rows, value)
        if self._courses is not None:
            self._courses.learn(learned)

    def reach(self, time_ms: int) -> None:
        """The pipeline has all samples before this time: forecast at the origins that lie before it."""
        while self._coming and self._coming[-1] < time_ms:
            self._close()
            self._forecast(self._coming.pop())

    def finish(self) -> None:
        """The recording has ended."""
        self._close()

    def windows_of(self, names: list[str]) -> list[Window]:
        """All complete windows, of these series; they are among the compared ones."""
        wanted = set(names)
        return [window.only(_places(window, wanted)) for window in self._kept]

    def _forecast(self, origin_ms: int) -> None:
        with self.engine:
            names, quantiles = self._pipeline.forecast_at(origin_ms, self._ahead)
        catalog, grid = self._pipeline.state.catalog, self._pipeline.state.grid
        slots = np.array([catalog.slots[name] for name in names], np.int64)
        forecasts = Forecasts(origin_ms, names, slots, grid["step_ms"][slots], quantiles[:, :, self._deciles])
        self.forecasts += len(names)
        self._file.write(forecasts)
        with self.naive:
            self._window = self._history.begin(forecasts)

    def _close(self) -> None:
        if self._window is not None:
            self._history.fill(self._window)
            self.accuracy.add(self._window)
            if self._courses is not None:
                self._kept.append(self._window.only(_places(self._window, set(self._courses.names))))
            self.last_window, self._window = self._window, None


def _places(window: Window, names: set[str]) -> list[int]:
    return [place for place, name in enumerate(window.forecasts.names) if name in names]
