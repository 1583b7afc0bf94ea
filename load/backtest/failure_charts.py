"""Failure predictions as charts: whether probabilities kept their word, and how they went before failures."""

import numpy as np

from load.backtest.charts import PALE, chart, svg_of
from load.backtest.columns import Columns
from load.backtest.labels import Label
from load.backtest.palette import LIGHT, OTHERS
from load.backtest.time_charts import TRUTH, date_axis, draw_labels, instants
from models.arrays import Flags, Floats

FORECAST = LIGHT["forecast"]
BINS = 10
BIN_PREDICTIONS_MIN = 10
"""A bin with fewer says nothing."""


def outcomes(rows: Columns) -> tuple[Floats, Flags]:
    """Probabilities of the predictions of one series and rule whose outcome is known, and whether a failure came."""
    at_ms, seen = rows["last_sample_at_ms"], rows["failures_seen"]
    until = np.searchsorted(at_ms, at_ms + rows["within_ms"], side="right") - 1
    known = (at_ms + rows["within_ms"] <= at_ms[-1]) & ~rows["breaking"].astype(np.bool_)
    return rows["probability"][known], (seen[until] > seen)[known]


def reliability_chart(rules: dict[str, tuple[Floats, Flags]]) -> str:
    """Of each rule: how often a failure followed, by the probability that it had."""
    with chart(4.6, 2.9) as (figure, axes):
        axes.plot([0, 100], [0, 100], color=PALE, linewidth=1, linestyle="--")
        for place, (rule, (probability, came)) in enumerate(rules.items()):
            bins = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
            count = np.bincount(bins, minlength=BINS)
            full = np.flatnonzero(count >= BIN_PREDICTIONS_MIN)
            said = np.bincount(bins, probability, BINS)[full] / count[full]
            was = np.bincount(bins, came, BINS)[full] / count[full]
            colour = OTHERS[(place - 1) % len(OTHERS)] if place else FORECAST
            axes.plot(100 * said, 100 * was, color=colour, marker="o", markersize=3, label=rule)
        axes.set(title="Failures that came, %: on the diagonal is honest", xlabel="probability, %")
        axes.set(xlim=(0, 100), ylim=(0, 100))
        axes.legend()
        return svg_of(figure)


def probability_chart(rows: Columns, labels: list[Label]) -> str:
    """Of one series and rule: the probability over time, what was broken when, and what is known to have been."""
    at_ms = rows["last_sample_at_ms"]
    with chart(4.6, 1.7) as (figure, axes):
        axes.plot(instants(at_ms), 100 * rows["probability"], color=FORECAST, linewidth=1)
        broken = at_ms[rows["breaking"].astype(np.bool_)]
        axes.plot(instants(broken), np.full(len(broken), 103), color=TRUTH, marker="|", linestyle="none", clip_on=False)
        draw_labels(axes, labels, float(at_ms[0]), float(at_ms[-1]))
        axes.set_ylim(0, 103)
        date_axis(axes)
        return svg_of(figure)
