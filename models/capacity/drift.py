"""Robust drift and spread of a level: medians, because jumps and bursts break means and slopes.

There are two: of the last day by hourly increments, and of the last month by daily ones, in which a day's ups and downs
cancel out. Both are slowed: a growth is believed only as far as the newest quarter of its increments bears it out, so
that one that flattens is seen to flatten within hours.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Bins, Floats, Singles
from models.capacity.far import BINS_PER_DAY
from models.capacity.levels import LEVEL_H
from models.medians import row_medians

# A level's change is taken over at least this many bins (one hour).
INCREMENT_BINS = 2
assert INCREMENT_BINS * LEVEL_H == 1.0

# A median of fewer increments says nothing about their spread.
INCREMENTS_MIN = 2
# Daily increments overlap: fewer than two days of them are worth less than the last day's hours.
DAILY_MIN = 2 * BINS_PER_DAY

# The newest quarter of the increments: six hours, a week.
_NEWEST_HOURLY = 12
_NEWEST_DAILY = 7 * BINS_PER_DAY

# The standard deviation of a normal law is this many times its median absolute deviation: 1 / Φ⁻¹(3/4).
MAD_TO_SD = 1.4826

# Differences of levels carry rounding errors of this size relative to the levels: no spread below it can be seen.
_ROUNDING = 1e-12
_SPREAD_MIN = 1e-150


class Drift(NamedTuple):
    """What n slots do in an hour, shape (n,) each; NaN where there are too few increments."""

    per_h: Floats
    slowed_per_h: Floats  # at most `per_h`, and less where the newest increments are smaller
    spread: Floats  # of a walk after one hour, > 0


def hourly_increments(bins: Bins, levels: Floats) -> tuple[Floats, Floats]:
    """Overlapping increments, each from the last level at least one hour before.

    Parameters
    ----------
    bins, levels
        Shape (n, w): bin numbers, increasing where present, and levels, NaN where there is none.

    Returns
    -------
    per_hour, hours
        Shape (n, w - 1): change per hour, NaN where there is none, and the hours it was taken over.
    """
    first = np.full((len(bins), 1), np.nan)
    before, two_before = levels[:, :-1], np.concatenate([first, levels[:, :-2]], axis=1)
    distance = bins[:, 1:] - bins[:, :-1]
    two_distance = distance + np.concatenate([np.zeros((len(bins), 1), bins.dtype), distance[:, :-1]], axis=1)
    # Bins are distinct, so where the last one is nearer than an hour the one before it is not.
    adjacent = distance < INCREMENT_BINS
    hours = LEVEL_H * np.where(adjacent, np.maximum(two_distance, INCREMENT_BINS), distance)
    return (levels[:, 1:] - np.where(adjacent, two_before, before)) / hours, hours


def of_day(bins: Bins, levels: Floats) -> Drift:
    """The last day's drift, from its half-hourly levels."""
    per_hour, hours = hourly_increments(bins, levels)
    scale = np.fmax.reduce(np.abs(levels), axis=-1)
    return _drift(per_hour, hours, scale, _NEWEST_HOURLY, INCREMENTS_MIN)


def of_month(far_level: Singles, scale: Floats) -> Drift:
    """The last month's drift, from the last level of each far bin; `scale` is the size of the levels, shape (n,)."""
    daily = far_level[:, BINS_PER_DAY:] - far_level[:, :-BINS_PER_DAY]
    return _drift(daily.astype(np.float64) / 24.0, np.float64(24.0), scale, _NEWEST_DAILY, DAILY_MIN)


def _drift(per_hour: Floats, hours: Floats | np.float64, scale: Floats, newest: int, least: int) -> Drift:
    # μ = median δ
    drift = row_medians(per_hour, least)
    # A walk's change over d hours spreads as σ √d, its change per hour as σ / √d:  σ = 1.4826 median(|δ - μ| √d)
    spread = MAD_TO_SD * row_medians(np.abs(per_hour - drift[:, None]) * np.sqrt(hours), least)
    floor = np.maximum(_ROUNDING * scale, _SPREAD_MIN)
    # μ' = min(μ, median of the newest δ), where μ > 0
    lately = row_medians(per_hour[:, -newest:], INCREMENTS_MIN)
    slowed = np.where(drift > 0.0, np.fmin(drift, lately), drift)
    return Drift(drift, slowed, np.maximum(spread, floor))
