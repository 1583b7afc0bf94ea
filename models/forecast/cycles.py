"""Cycles: the two periods a series of a given step is checked for, and where an instant lies in them.

The periods follow from the step and not from a test on the data: a profile that does not help earns no weight
(`weights`), and that is the detection. A cycle is cut into equal bins. Where a bin is as wide as a step, each step
has a bin of its own; where it is wider, profiles are read by linear interpolation between the centres of the bins.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS
YEAR_MS = 52 * WEEK_MS

SHORT_BINS_MAX = 360
LONG_BINS_MAX = 168


class Cycle(NamedTuple):
    """One cycle of each series: period in ms (0: the series has none) and number of bins; shape (n,)."""

    period_ms: Ints
    bins: Ints


class Place(NamedTuple):
    """Where instants lie in a cycle.

    `bin` holds the step itself (learning); `left`, `right` and `share` read the profile by interpolation:
    (1 - share) profile[left] + share profile[right].
    """

    bin: Ints
    left: Ints
    right: Ints
    share: Floats


def short_cycle(step_ms: Ints) -> Cycle:
    """The hour below a minute's step, the day up to a quarter of a day, the week to a day, else the year."""
    period = np.where(step_ms < MINUTE_MS, HOUR_MS, np.where(step_ms <= DAY_MS // 4, DAY_MS, 0))
    period = np.where((step_ms > DAY_MS // 4) & (step_ms <= DAY_MS), WEEK_MS, period)
    period = np.where(step_ms > DAY_MS, YEAR_MS, period)
    return _cut(period, step_ms, SHORT_BINS_MAX)


def long_cycle(step_ms: Ints) -> Cycle:
    """The day below a minute's step, the week up to a quarter of a day; coarser series have no second cycle."""
    period = np.where(step_ms < MINUTE_MS, DAY_MS, np.where(step_ms <= DAY_MS // 4, WEEK_MS, 0))
    return _cut(period, step_ms, LONG_BINS_MAX)


def place(cycle: Cycle, step_ms: Ints, time_ms: Ints) -> Place:
    """Where the steps that start at `time_ms` lie; the arrays broadcast."""
    period = np.maximum(cycle.period_ms, 1)
    since_start = time_ms % period
    held = since_start * cycle.bins // period
    # x = (t + step/2) / width - 1/2, the middle of the step in bins from the centre of the first bin. Where bins are
    # steps it is a whole number without rounding, and the step is read from its own bin alone.
    centre = (since_start + 0.5 * step_ms) * cycle.bins / period - 0.5
    floor = np.floor(centre)
    left = floor.astype(np.int64) % cycle.bins
    share = centre - floor
    return Place(held, left, np.where(share > 0, (left + 1) % cycle.bins, left), share)


def visit(cycle: Cycle, time_ms: Ints, at: Place) -> Ints:
    """The bin that holds an instant, which lies at `at`, counted from the epoch over all cycles."""
    return np.asarray(time_ms // np.maximum(cycle.period_ms, 1) * cycle.bins + at.bin)


def steps_per_bin(cycle: Cycle, step_ms: Ints) -> Floats:
    """How many steps fall into one bin, at least 1."""
    return np.maximum(1.0, cycle.period_ms / (cycle.bins * step_ms))


def _cut(period_ms: Ints, step_ms: Ints, bins_max: int) -> Cycle:
    return Cycle(period_ms, np.minimum(np.maximum(period_ms // step_ms, 1), bins_max))
