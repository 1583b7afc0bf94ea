"""Scales: distances in the series' own unit, and the cells that they are counted in.

A distance is a size over a scale; it is looked at as L = log2(1 + distance), so that a cell of a sixth of an octave is
as fine everywhere. What was learned from a distance is winsorised, or an incident would make itself usual.
"""

import numpy as np

from models.arrays import Floats, Ints

GAIN_MIN = 1.0 / 2000.0
"""Scales and centres remember about so many samples."""
WARM_UP_SAMPLES = 50
LIMIT_SCALES = 5.0
"""A sample further away than this teaches no more than this, once so many are known."""
DISTANCE_MAX = 15_000.0
"""Given to any change where the scale is zero; log2 of it is the last cell."""
CELLS_PER_OCTAVE = 6
CELL_MAX = 83

assert CELLS_PER_OCTAVE * np.log2(1.0 + DISTANCE_MAX) + 0.5 >= CELL_MAX


def distance(size: Floats, scale: Floats) -> Floats:
    """Sizes, 0 or more, over their scales; shape (n,)."""
    ratio = np.minimum(size / np.where(scale > 0, scale, 1.0), DISTANCE_MAX)
    return np.where(scale > 0, ratio, np.where(size > 0, DISTANCE_MAX, 0.0))


def cell(octaves: Floats) -> Ints:
    """The cell that holds L = `octaves`, in 0..CELL_MAX."""
    return np.minimum((CELLS_PER_OCTAVE * octaves + 0.5).astype(np.int64), CELL_MAX)


def gain(seen: Ints) -> Floats:
    """Of a sample, the `seen`-th one: young scales are means."""
    return np.asarray(np.maximum(GAIN_MIN, 1.0 / seen))


def winsorised(error: Floats, scale: Floats, seen: Ints) -> Floats:
    """What of an error may be learned."""
    limit = LIMIT_SCALES * scale
    # A scale of zero limits nothing, or a series that began constant would have it for good.
    limited = (seen > WARM_UP_SAMPLES) & (scale > 0)
    return np.where(limited, np.minimum(np.maximum(error, -limit), limit), error)
