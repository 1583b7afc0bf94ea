"""History: what every series showed, as far as scoring forecasts asks for it.

Kept of each series: the samples of the last season, for seasonal naive; how far samples lay from those one season (and
one step) before; and the samples of the current window. A counter's samples are rates here, those that the pipeline
learned.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from load.backtest.plan import Plan
from load.backtest.window import Forecasts, Naive, Window
from models.arrays import Floats, Ints
from models.forecast.cycles import short_cycle
from models.layout import Arrays, Field, Layout, allocate, grow
from streams.pipeline.rows import Rows
from streams.settings.forecast import DECILES

SEASON_STEPS_MAX = 4096
"""Of a longer season plain naive takes the place."""

ONE_STEP, ONE_SEASON = range(2)

_NORMAL_QUANTILES = np.array([NormalDist().inv_cdf(level) for level in DECILES])


class Learned(NamedTuple):
    """Samples of n series: a counter's are rates."""

    slot: Ints
    step: Ints
    value: Floats


def season_steps(step_ms: Ints) -> Ints:
    """Steps in the short cycle of a series; 1 where it has none, or too long a one to keep."""
    steps = short_cycle(step_ms).period_ms // step_ms
    return np.where((steps > 0) & (steps <= SEASON_STEPS_MAX), steps, 1)


class History:
    """Follows the samples that the pipeline learned from.

    Parameters
    ----------
    grid
        The pipeline's.
    """

    def __init__(self, plan: Plan, grid: Arrays) -> None:
        self._horizon = plan.horizon
        self._grid = grid
        self._season = int(season_steps(np.array([plan.step_ms]))[0])
        self._layout = _layout(self._season, plan.horizon)
        self._seen = allocate(self._layout, 0)
        self._origin_ms = plan.origins_ms[0] - plan.horizon_ms

    def learn(self, rows: Rows, value: Floats) -> Learned:
        """Samples of different series that were learned from, and the values that were learned."""
        step_ms = self._grid["step_ms"][rows.slot]
        self._room(len(self._grid["step_ms"]))
        learned = Learned(rows.slot, rows.timestamp_ms // step_ms, value)
        self._learn_values(learned, step_ms)
        return learned

    def begin(self, forecasts: Forecasts) -> Window:
        """A window begins at these forecasts' origin; its `actual` is filled when it is over."""
        seen, slots = self._room(len(self._grid["step_ms"])), forecasts.slots
        self._origin_ms = forecasts.origin_ms
        window = Window(
            forecasts, self._naive(forecasts), seen["actual"][slots], np.full_like(seen["actual"][slots], np.nan)
        )
        seen["actual"][:] = np.nan
        return window

    def fill(self, window: Window) -> None:
        """Put in what came of the newest window, which is over."""
        window.actual[:] = self._seen["actual"][window.forecasts.slots]

    def _naive(self, forecasts: Forecasts) -> Naive:
        """Seasonal naive at the same origin; its interval is the usual normal one."""
        slots, season = forecasts.slots, self._season_of(forecasts.step_ms)
        seen = self._room(len(self._grid["step_ms"]))
        ahead = np.arange(1, self._horizon + 1)
        step = (forecasts.origin_ms // forecasts.step_ms)[:, None] + ahead
        point = seen["season"][slots[:, None], step % season[:, None]]
        point = np.where(np.isnan(point) | (season == 1)[:, None], seen["last"][slots][:, None], point)
        count = seen["changes"][slots]
        span = np.where(count[:, ONE_SEASON] > 0, ONE_SEASON, ONE_STEP)
        rows = np.arange(len(slots))
        held = np.maximum(count[rows, span], 1)
        scale = seen["change_sum"][slots][rows, span] / held
        deviation = np.sqrt(seen["change_squares"][slots][rows, span] / held)
        # sigma[h] = sigma sqrt(seasons ahead)
        sigma = deviation[:, None] * np.sqrt((ahead - 1) // season[:, None] + 1)
        quantiles = point[:, :, None] + sigma[:, :, None] * _NORMAL_QUANTILES
        return Naive(quantiles, np.where(count[rows, span] > 0, scale, np.nan))

    def _learn_values(self, learned: Learned, step_ms: Ints) -> None:
        seen, (slots, step, value) = self._seen, learned
        phase = step % self._season_of(step_ms)
        for span, earlier in ((ONE_STEP, seen["last"][slots]), (ONE_SEASON, seen["season"][slots, phase])):
            change = np.abs(value - earlier)
            known = np.flatnonzero(~np.isnan(change))
            seen["changes"][slots[known], span] += 1
            seen["change_sum"][slots[known], span] += change[known]
            seen["change_squares"][slots[known], span] += change[known] ** 2
        seen["last"][slots] = value
        seen["season"][slots, phase] = value
        ahead = step - self._origin_ms // step_ms
        inside = np.flatnonzero((ahead >= 1) & (ahead <= self._horizon))
        seen["actual"][slots[inside], ahead[inside] - 1] = value[inside]

    def _season_of(self, step_ms: Ints) -> Ints:
        """The season's steps, as far as there is room for them: a series may have a finer step than the plan."""
        steps = season_steps(step_ms)
        return np.where(steps <= self._season, steps, 1)

    def _room(self, slots: int) -> Arrays:
        if slots > len(self._seen["last"]):
            self._seen = grow(self._seen, self._layout, slots)
        return self._seen


def _layout(season: int, horizon: int) -> Layout:
    return (
        Field("last", "f8", (), np.nan, "y", "the last sample"),
        Field("season", "f8", (season,), np.nan, "y", "the newest sample of each step of the season"),
        Field("changes", "i8", (2,), 0, "samples", "samples compared with the one a step, a season before"),
        Field("change_sum", "f8", (2,), 0, "y", "sum of absolute changes"),
        Field("change_squares", "f8", (2,), 0, "y^2", "sum of squared changes"),
        Field("actual", "f8", (horizon,), np.nan, "y", "samples after the current origin"),
    )
