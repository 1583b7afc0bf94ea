"""A capacity prediction as a chart: how the level came here, the limit, and the fan of instants at which they meet."""

import numpy as np

from load.backtest.charts import INK, QUIET, chart, svg_of
from load.backtest.columns import Columns
from load.backtest.labels import Label
from load.backtest.palette import LIGHT
from load.backtest.predictions_file import Prediction
from load.backtest.time_charts import date_axis, draw_labels, instants

FORECAST, LIMIT = LIGHT["forecast"], LIGHT["naive"]
AHEAD_SHARE = 1.5
"""A fan reaches no further ahead than so many times the history that is shown."""


def exhaustion_chart(rows: Columns, newest: Prediction, labels: list[Label]) -> str:
    """`rows` has `last_sample_at_ms`, `level` and `limit` of the predictions of one series and rule, in time order."""
    at_ms, now_ms = rows["last_sample_at_ms"], newest["last_sample_at_ms"]
    end_ms = now_ms + AHEAD_SHARE * max(now_ms - at_ms[0], 1)
    early, middle, late = [_or_end(newest[f"exhausted_at_p{level}_ms"], end_ms) for level in (10, 50, 90)]
    last_ms = min(max(late, now_ms), end_ms)
    with chart(4.6, 2.1) as (figure, axes):
        times, now = instants(at_ms), instants([now_ms])[0]
        axes.plot(times, rows["level"], color=INK, linewidth=1)
        axes.plot([*times, instants([last_ms])[0]], [*rows["limit"], newest["limit"]], color=LIMIT, linewidth=1.2)
        level, limit = newest["level"], newest["limit"]
        axes.fill([now, *instants([early, late])], [level, limit, limit], color=FORECAST, alpha=0.22, linewidth=0)
        axes.plot([now, *instants([middle])], [level, limit], color=FORECAST, linewidth=1.4)
        axes.axvline(now, color=QUIET, linewidth=0.8, linestyle=":")
        draw_labels(axes, labels, float(at_ms[0]), last_ms)
        axes.set_xlim(times[0], instants([last_ms])[0])
        axes.set_ylim(*_span(rows, newest))
        date_axis(axes)
        return svg_of(figure)


def _or_end(at_ms: int | None, end_ms: float) -> float:
    """What is not within the horizon lies far beyond the chart."""
    return 2 * end_ms if at_ms is None else at_ms


def _span(rows: Columns, newest: Prediction) -> tuple[float, float]:
    values = np.concatenate([rows["level"], rows["limit"], [newest["limit"]]])
    room = 0.06 * (np.max(values) - np.min(values) or 1.0)
    return float(np.min(values) - room), float(np.max(values) + room)
