"""The examination: forecasts at every origin of the plan, scored by what comes until the next one."""

import numpy as np

from load.backtest.accuracy import Accuracy, HorizonErrors
from load.backtest.forecasts_file import ForecastsFile
from load.backtest.history import History
from load.backtest.plan import Plan
from load.backtest.window import Forecasts, Window
from streams.pipeline.partition import PartitionPipeline
from streams.pipeline.rows import Rows
from streams.settings.forecast import DECILES


class Examination:
    """Asks the pipeline at the origins; it changes nothing there.

    Attributes
    ----------
    accuracy
        Over the windows that are complete.
    last_window
        The newest complete one; None before the second origin.
    """

    def __init__(self, plan: Plan, pipeline: PartitionPipeline, file: ForecastsFile) -> None:
        self.accuracy = Accuracy(HorizonErrors.of(plan.horizon))
        self.last_window: Window | None = None
        self._coming = list(reversed(plan.origins_ms))
        self._pipeline, self._file = pipeline, file
        self._history = History(plan, pipeline.state.grid)
        self._ahead = np.arange(1, plan.horizon + 1)
        self._deciles = np.searchsorted(pipeline.config.levels, DECILES)
        self._window: Window | None = None

    def learn(self, rows: Rows) -> None:
        """Samples of different series that the pipeline learned from."""
        self._history.learn(rows)

    def reach(self, time_ms: int) -> None:
        """The pipeline has all samples before this time: forecast at the origins that lie before it."""
        while self._coming and self._coming[-1] < time_ms:
            self._close()
            self._forecast(self._coming.pop())

    def finish(self) -> None:
        """The recording has ended."""
        self._close()

    def _forecast(self, origin_ms: int) -> None:
        names, quantiles = self._pipeline.forecast_at(origin_ms, self._ahead)
        catalog, grid = self._pipeline.state.catalog, self._pipeline.state.grid
        slots = np.array([catalog.slots[name] for name in names], np.int64)
        forecasts = Forecasts(origin_ms, names, slots, grid["step_ms"][slots], quantiles[:, :, self._deciles])
        self._file.write(forecasts)
        self._window = self._history.begin(forecasts)

    def _close(self) -> None:
        if self._window is not None:
            self._history.fill(self._window)
            self.accuracy.add(self._window)
            self.last_window, self._window = self._window, None
