"""Shapes of a day: of one series its means by the hour in units of their mean, of a fleet the medians of these."""

from collections.abc import Sequence

import numpy as np

from models.arrays import Floats, Ints
from models.fit.course import Course
from models.forecast.cycles import DAY_MS, short_cycle
from models.forecast.shapes import BINS

DAYS_MIN = 3
"""A series must have shown as many."""
SERIES_MIN = 5
"""A shape that fewer series tell of is none of the fleet's."""
DIGITS = 3


def series_shape(course: Course, local_ms: Ints) -> Floats | None:
    """The shape of one series, whose steps begin at these local times; shape [BINS].

    None where its short cycle is not the day, where it is too young, has hours without a sample, or negative values.
    """
    values, known = course.values, ~np.isnan(course.values)
    if int(short_cycle(np.array([course.step_ms])).period_ms[0]) != DAY_MS:
        return None
    if known.sum() * course.step_ms < DAYS_MIN * DAY_MS or values[known].min() < 0:
        return None
    hour = local_ms % DAY_MS * BINS // DAY_MS
    total, count = np.bincount(hour[known], values[known], BINS), np.bincount(hour[known], minlength=BINS)
    if not count.all() or not total.any():
        return None
    means = total / count
    return np.asarray(means / means.mean())


def fleet_shape(shapes: Sequence[Floats]) -> tuple[float, ...] | None:
    """The shape that most series have, with mean 1; None where too few tell of it."""
    if len(shapes) < SERIES_MIN:
        return None
    median = np.median(shapes, axis=0)
    mean = median.mean()
    return tuple(np.round(median / mean, DIGITS).tolist()) if mean > 0 else None
