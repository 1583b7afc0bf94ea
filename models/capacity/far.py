"""The far past: levels of a month, in bins of a third of a day, beside the half-hourly ones of a day.

A bin keeps its last level, and its peak: the level that came nearest to the limit. What is kept is relative to the
level that the newest closed bin ended with, so that single precision is enough however far from zero the series lives,
or from where it began. Bins without a level are NaN; the last place is the open bin.
"""

import numpy as np

from models.arrays import Floats, Numbers, Singles
from models.capacity.levels import LEVEL_MS
from models.layout import Arrays, Field, Slots

FAR_H = 8
_LEVELS_PER_BIN = FAR_H * 3_600_000 // LEVEL_MS
BINS_PER_DAY = 24 // FAR_H
# Thirty days, and the bin that is open.
BINS = 30 * BINS_PER_DAY + 1

_NONE = -1

LAYOUT = (
    Field("far_bin", "i4", (), _NONE, "bin", "number of the open bin (half hour's number // 16)"),
    Field("far_base", "f8", (), 0.0, "series", "the level that the others are relative to"),
    Field("far_level", "f4", (BINS,), np.nan, "series", "last level of each bin, newest bin last"),
    Field("far_peak", "f4", (BINS,), np.nan, "series", "highest level of each bin, towards the limit"),
)


def add_levels(arrays: Arrays, slots: Slots, half_hour: Numbers, level: Floats) -> None:
    """Add to each slot the level of a half hour that is later than all before it."""
    number = half_hour // _LEVELS_PER_BIN
    fresh = arrays["far_bin"][slots] == _NONE
    arrays["far_base"][slots[fresh]] = level[fresh]
    arrays["far_bin"][slots[fresh]] = number[fresh]
    moved = np.flatnonzero(number > arrays["far_bin"][slots])
    if len(moved):
        _open(arrays, slots[moved], number[moved])
    relative = (level - arrays["far_base"][slots]).astype(np.float32)
    arrays["far_level"][slots, -1] = relative
    arrays["far_peak"][slots, -1] = np.fmax(arrays["far_peak"][slots, -1], relative)


def _open(arrays: Arrays, slots: Slots, number: Numbers) -> None:
    """Move all bins back, so that the last place is bin `number`, and take levels from that of the bin that closes."""
    closes = arrays["far_level"][slots, -1].astype(np.float64)
    arrays["far_base"][slots] += closes
    by = (number - arrays["far_bin"][slots])[:, None]
    place = np.arange(BINS) + by
    for name in ("far_level", "far_peak"):
        kept = np.take_along_axis(arrays[name][slots], np.minimum(place, BINS - 1), axis=1)
        arrays[name][slots] = np.where(place < BINS, kept - closes[:, None], np.nan)
    arrays["far_bin"][slots] = number


def closed_bins(arrays: Arrays, slots: Slots) -> tuple[Singles, Singles]:
    """Last levels and peaks of the bins that are closed, shape (n, BINS - 1), relative to the newest level of those."""
    return arrays["far_level"][slots, :-1], arrays["far_peak"][slots, :-1]
