"""The experts: five ways to say how likely a level reaches its limit within each horizon.

=============  =====================================================================================================
``walk``       the level goes on with its drift and spread, of the last day for horizons within a day, of the last month
               beyond: first passage of a Brownian motion (`drift`, `passage`)
``yesterday``  the level rises as it did a day ago, from the same time of day on (`yesterday`)
``maxima``     the level rises as it did before: frequency of past rises of this size (`maxima`)
``crossings``  the limit is reached as often as before, wherever the level is now (`looks`)
``paths``      the series' own forecast reaches the limit, where it looks that far ahead (`models.forecast.paths`)
=============  =====================================================================================================

The first suits what grows, the second what comes every day, the fourth what comes in bursts, and the third all of
them; the last knows what a sample has just changed, which no level of half an hour does. Where an expert has nothing to
go by it says what the walk says, so that the weights can't tell them apart and nothing is lost; and where no forecast
reaches, which is where most do not, `paths` has no weight.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Bins, Floats, Ints, Places
from models.capacity import far, levels, looks, maxima, yesterday
from models.capacity.drift import Drift, of_day, of_month
from models.capacity.horizons import HOURS, WITHIN_DAY
from models.capacity.passage import crossing_probability
from models.layout import Arrays, Slots


class Course(NamedTuple):
    """Where n slots are, and how they move."""

    level: Floats  # (n,), towards the limit, like all that follows
    day: Drift
    month: Drift  # that of the day where the history is too short
    daily_spread: Floats  # (n,): the month's, NaN where the history is too short
    levels: Ints  # (n,): how many the day's drift may rest on

    def take(self, places: Places) -> "Course":
        """Those at these places."""
        day, month = (Drift(*[field[places] for field in drift]) for drift in (self.day, self.month))
        return Course(self.level[places], day, month, self.daily_spread[places], self.levels[places])


class Opinions(NamedTuple):
    """The experts' probabilities, shape (n, h, e), and their weights."""

    p: Floats
    weights: Floats


def course_now(arrays: Arrays, slots: Slots) -> Course:
    """As of each slot's last sample."""
    bins, recent, level = levels.recent_levels(arrays, slots)
    return _course(arrays, slots, bins, recent, level)


def course_closed(arrays: Arrays, slots: Slots) -> Course:
    """As of the end of each slot's last closed half hour."""
    bins, closed = arrays["closed_bin"][slots], arrays["closed_level"][slots]
    return _course(arrays, slots, bins, closed, closed[:, -1])


def _course(arrays: Arrays, slots: Slots, bins: Bins, recent: Floats, level: Floats) -> Course:
    day = of_day(bins, recent)
    far_level, _ = far.closed_bins(arrays, slots)
    long = of_month(far_level, np.fmax.reduce(np.abs(recent), axis=-1))
    known = ~np.isnan(long.per_h)
    month = Drift(*(np.where(known, ours, days) for ours, days in zip(long, day, strict=True)))
    return Course(level, day, month, np.where(known, long.spread, np.nan), np.count_nonzero(~np.isnan(recent), axis=-1))


def ask(arrays: Arrays, slots: Slots, course: Course, gap: Floats, paths: Floats) -> Opinions:
    """All experts about slots whose drift is known and whose limit is not reached.

    Parameters
    ----------
    gap
        Shape (n,), > 0.
    paths
        What the last of them says, shape (n, h); NaN where no forecast reaches.
    """
    bins, closed = arrays["closed_bin"][slots], arrays["closed_level"][slots]
    far_level, far_peak = far.closed_bins(arrays, slots)
    nearness = np.minimum(1.0, maxima.range_seen(closed, far_level, far_peak) / gap)
    walk = _walk(course, gap)
    again = yesterday.probabilities(bins, closed, gap, course.daily_spread)
    rises = maxima.crossing_frequencies(bins, closed, far_level, far_peak, gap, nearness)
    crossings = looks.frequencies(arrays, slots, nearness)
    p = np.stack([walk, _or(again, walk), _or(rises, walk), crossings, _or(paths, walk)], axis=-1)
    return Opinions(p, looks.weights(arrays, slots, ~np.isnan(paths)))


def _or(expert: Floats, walk: Floats) -> Floats:
    return np.where(np.isnan(expert), walk, expert)


def _walk(course: Course, gap: Floats) -> Floats:
    """First passage with the slowed drift."""
    within_day = np.arange(len(HOURS)) < WITHIN_DAY
    drifts = np.where(within_day, course.day.slowed_per_h[:, None], course.month.slowed_per_h[:, None])
    spreads = np.where(within_day, course.day.spread[:, None], course.month.spread[:, None])
    return crossing_probability(gap[:, None], drifts, spreads, HOURS)
