"""Courses: the samples of one series on its grid, made fit for fitting: the newest ones, without gaps, or in bins."""

from typing import NamedTuple

import numpy as np

from models.arrays import Floats

STEPS_MAX = 2_000
"""The newest values that are fitted to."""
STEPS_MIN = 200
KNOWN_SHARE_MIN = 0.9
DISTINCT_MIN = 10
"""Values that differ. A switch or a constant has no gains to find."""


class Course(NamedTuple):
    """Values of the steps in a row, NaN where no sample came; the first one is that of step `first_step`."""

    step_ms: int
    first_step: int
    values: Floats


def newest(values: Floats, least: int) -> Floats | None:
    """The newest values, where a gap holds the value before; None where there are fewer than `least`, or many gaps."""
    kept = values[-STEPS_MAX:]
    known = np.flatnonzero(~np.isnan(kept))
    if len(known) < least or len(known) < KNOWN_SHARE_MIN * len(kept):
        return None
    places = np.arange(known[0], len(kept))
    return np.asarray(kept[known[np.searchsorted(known, places, side="right") - 1]])


def varies(values: Floats) -> bool:
    """Whether there is anything to fit."""
    return len(np.unique(values)) >= DISTINCT_MIN


def in_bins(course: Course, bin_ms: int) -> Floats:
    """Means over whole bins of time, NaN where one has no sample."""
    step = course.first_step + np.arange(len(course.values))
    place = step * course.step_ms // bin_ms
    known = ~np.isnan(course.values)
    size = place[-1] - place[0] + 1
    total = np.bincount((place - place[0])[known], course.values[known], size)
    count = np.bincount((place - place[0])[known], minlength=size)
    return np.divide(total, count, out=np.full(size, np.nan), where=count > 0)
