"""Anomalies as a chart: the series, its episodes, and what is known to have happened."""

from collections.abc import Sequence

import numpy as np

from load.backtest.charts import INK, chart, svg_of
from load.backtest.episodes import Episode
from load.backtest.evidence import Course
from load.backtest.labels import Label
from load.backtest.palette import LIGHT
from load.backtest.time_charts import date_axis, draw_labels, instants

FOUND = LIGHT["forecast"]
POINTS_MAX = 3_000
"""A chart is no finer than that: of more samples the lowest and the highest of each stretch are drawn."""

GAP_TIMES = 5
"""Of the median distance of samples: a longer silence breaks the line."""


def episode_chart(course: Course, episodes: Sequence[Episode], labels: Sequence[Label]) -> str:
    """One series from its first sample to its last."""
    first_ms, last_ms = float(course.timestamp_ms[0]), float(course.timestamp_ms[-1])
    with chart(4.6, 2.0) as (figure, axes):
        drawn = _broken_at_gaps(_thinned(course))
        axes.plot(instants(drawn.timestamp_ms), drawn.value, color=INK, linewidth=0.8)
        top = axes.get_ylim()[1]
        draw_labels(axes, labels, first_ms, last_ms)
        for episode in episodes:
            # An instant would be too thin to be seen: the mark stands where it was told.
            axes.plot(instants([episode.start_ms, episode.end_ms]), [top, top], color=FOUND, linewidth=3)
            axes.plot(instants([episode.found_ms]), [top], color=FOUND, marker="v", markersize=5, clip_on=False)
        date_axis(axes)
        return svg_of(figure)


def _thinned(course: Course) -> Course:
    stretch = -(-2 * len(course.value) // POINTS_MAX)
    if stretch <= 2:
        return course
    kept = []
    for begin in range(0, len(course.value), stretch):
        part = course.value[begin : begin + stretch]
        kept += sorted({begin + int(np.argmin(part)), begin + int(np.argmax(part))})
    return Course(course.timestamp_ms[kept], course.value[kept])


def _broken_at_gaps(course: Course) -> Course:
    """NaN where nothing came for long, lest the line go on through it."""
    gaps = np.diff(course.timestamp_ms)
    places = np.flatnonzero(gaps > GAP_TIMES * np.median(gaps)) + 1 if len(gaps) else np.empty(0, np.int64)
    times = np.insert(course.timestamp_ms, places, course.timestamp_ms[places])
    return Course(times, np.insert(course.value, places, np.nan))
