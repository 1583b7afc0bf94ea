"""Robust updates: an outlier teaches no more than four scales' worth, until it lasts.

A sample further than 4 scales from the fast level is clipped to that distance. Four such samples in a row are a level
shift and are believed. The scale is a discounted mean absolute error, itself winsorised at twice that distance; a scale
of zero is not, or a series that began constant would have it for good.
"""

import numpy as np

from models.arrays import Floats
from models.layout import Arrays, Field, Slots

LIMIT_SCALES = 4.0
BELIEVED_AFTER = 4
"""Outliers in a row that make a level shift."""
LEARNING_SAMPLES = 20
"""Samples before anything is clipped: a young scale is no judge."""
OUTLIERS_MAX = 255
SCALE_GAIN_MIN = 0.02

LAYOUT = (
    Field("scale", "f8", (), 0, "y", "discounted mean absolute error of the fast level, one step ahead"),
    Field("outliers", "u1", (), 0, "samples", "outliers in a row"),
    Field("floor", "f8", (), -np.inf, "y", "no forecast lies below it: a setting"),
    Field("ceiling", "f8", (), np.inf, "y", "no forecast lies above it: a setting"),
    Field("lowest", "f8", (), np.inf, "y", "lowest value seen: a series that never was negative is not forecast so"),
)


def bounds(state: Arrays, slots: Slots) -> tuple[Floats, Floats]:
    """Where forecasts of these series must stay: as the settings say, and not below zero if they never were."""
    floor = np.where(state["lowest"][slots] >= 0, 0.0, -np.inf)
    return np.maximum(floor, state["floor"][slots]), state["ceiling"][slots]


def clip(state: Arrays, slots: Slots, value: Floats) -> Floats:
    """Judge one sample each against the fast level, learn the scale, and return what the recursions may learn."""
    level = state["level_fast"][slots]
    error = value - level
    count = state["count"][slots]
    scale = state["scale"][slots]
    limit = LIMIT_SCALES * scale
    settled = count >= LEARNING_SAMPLES
    distance = np.abs(error)
    outlier = settled & (distance > limit)
    run = np.where(outlier, np.minimum(state["outliers"][slots].astype(np.int64) + 1, OUTLIERS_MAX), 0)
    # S += max(0.02, 1 / (n + 1)) (min(|e|, 2 limit) - S), n with this sample
    size = np.where(settled & (scale > 0), np.minimum(distance, 2.0 * limit), distance)
    state["scale"][slots] = scale + np.maximum(SCALE_GAIN_MIN, 1.0 / (count + 2)) * (size - scale)
    state["outliers"][slots] = run
    state["lowest"][slots] = np.minimum(state["lowest"][slots], value)
    clipped = level + np.copysign(limit, error)
    return np.where(outlier & (run < BELIEVED_AFTER), clipped, value)
