"""Robust drift and spread of a level: medians, because jumps and bursts break means and slopes."""

import numpy as np
import numpy.typing as npt

from models.capacity.levels import LEVEL_H
from models.medians import row_medians

# A level's change is taken over at least this many bins (one hour).
INCREMENT_BINS = 2
assert INCREMENT_BINS * LEVEL_H == 1.0

# The standard deviation of a normal law is this many times its median absolute deviation: 1 / Φ⁻¹(3/4).
MAD_TO_SD = 1.4826

# Differences of levels carry rounding errors of this size relative to the levels: no spread below it can be seen.
_ROUNDING = 1e-12
_SPREAD_MIN = 1e-150

Floats = npt.NDArray[np.float64]
Bins = npt.NDArray[np.int64]


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
    two_distance = distance + np.concatenate([np.zeros((len(bins), 1), np.int64), distance[:, :-1]], axis=1)
    # Bins are distinct, so where the last one is nearer than an hour the one before it is not.
    adjacent = distance < INCREMENT_BINS
    hours = LEVEL_H * np.where(adjacent, np.maximum(two_distance, INCREMENT_BINS), distance)
    return (levels[:, 1:] - np.where(adjacent, two_before, before)) / hours, hours


def drift_and_spread(per_hour: Floats, hours: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """Median change per hour, and the spread of a walk after one hour; shape (n,) each, spread > 0."""
    # μ = median δ
    drift = row_medians(per_hour)
    # A walk's change over d hours spreads as σ √d, its change per hour as σ / √d:  σ = 1.4826 median(|δ - μ| √d)
    spread = MAD_TO_SD * row_medians(np.abs(per_hour - drift[:, None]) * np.sqrt(hours))
    scale = np.fmax.reduce(np.abs(levels), axis=-1)
    return drift, np.maximum(spread, np.maximum(_ROUNDING * scale, _SPREAD_MIN))
