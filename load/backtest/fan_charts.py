"""A series as a chart: what was foretold of it, what came, and what seasonal naive said."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from load.backtest.charts import INK, PALE, chart, svg_of
from load.backtest.palette import LIGHT
from load.backtest.tally import MEDIAN_PLACE
from load.backtest.window import Window

FORECAST, NAIVE = LIGHT["forecast"], LIGHT["naive"]


def fan_chart(window: Window, place: int) -> str:
    """The forecast at the window's origin."""
    made = window.forecasts
    step_ms, horizon = int(made.step_ms[place]), window.actual.shape[1]
    origin_ms = made.origin_ms // step_ms * step_ms
    before = _instants(origin_ms, step_ms, np.arange(1 - horizon, 1))
    after = _instants(origin_ms, step_ms, np.arange(1, horizon + 1))
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
        _date_axis(axes)
        return svg_of(figure)


def _date_axis(axes: Any) -> None:
    # matplotlib's dates module is not typed.
    locator: Any = AutoDateLocator(tz=UTC, minticks=3, maxticks=6)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=UTC))  # type: ignore[no-untyped-call]


def _instants(origin_ms: int, step_ms: int, steps: npt.NDArray[np.int64]) -> list[datetime]:
    return [datetime.fromtimestamp((origin_ms + step * step_ms) / 1000, UTC) for step in steps.tolist()]
