"""A series as a chart: what was foretold of it, what came, and what seasonal naive said."""

import numpy as np

from load.backtest.charts import INK, PALE, chart, svg_of
from load.backtest.palette import LIGHT
from load.backtest.tally import MEDIAN_PLACE
from load.backtest.time_charts import date_axis, instants
from load.backtest.window import Window

FORECAST, NAIVE = LIGHT["forecast"], LIGHT["naive"]


def fan_chart(window: Window, place: int) -> str:
    """The forecast at the window's origin."""
    made = window.forecasts
    step_ms, horizon = int(made.step_ms[place]), window.actual.shape[1]
    origin_ms = made.origin_ms // step_ms * step_ms
    before = instants(origin_ms + step_ms * np.arange(1 - horizon, 1))
    after = instants(origin_ms + step_ms * np.arange(1, horizon + 1))
    quantiles = made.quantiles[place]
    came = np.concatenate([window.before[place], window.actual[place]])
    naive = window.naive.quantiles[place, :, MEDIAN_PLACE]
    with chart(4.6, 2.1) as (figure, axes):
        axes.fill_between(after, quantiles[:, 0], quantiles[:, -1], color=FORECAST, alpha=0.16, linewidth=0)
        axes.fill_between(after, quantiles[:, 2], quantiles[:, -3], color=FORECAST, alpha=0.22, linewidth=0)
        axes.plot(after, naive, color=NAIVE, linewidth=1, linestyle="--")
        axes.plot(after, quantiles[:, MEDIAN_PLACE], color=FORECAST, linewidth=1.4)
        axes.plot([*before, *after], came, color=INK, linewidth=1, marker=".", markersize=2.5)
        axes.axvline(before[-1], color=PALE, linewidth=0.8, linestyle=":")
        date_axis(axes)
        return svg_of(figure)
