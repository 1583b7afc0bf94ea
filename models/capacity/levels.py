"""Levels: what is left of a series when its noise is taken out, one number per half hour of event time.

Samples are averaged over parts of PART_MS; a level is the median of the parts of LEVEL_MS. A bin of LEVEL_MS closes
when a sample of a later bin arrives, and its level joins a ring of the last LEVELS closed ones: 24 h and the hour
before them when nothing is missing. Only bins that have samples take a place, each with its number, so that after a
gap, or with steps longer than a bin, the ring reaches further back and distances in time stay exact.

The current level is the median of the parts of the last LEVEL_MS, whatever the bins; of a series with longer steps it
is the last sample.
"""

import numpy as np

from models.arrays import Floats, Numbers, Places, Times
from models.layout import Arrays, Field, Slots
from models.medians import row_medians

LEVEL_MS = 30 * 60_000
LEVEL_H = 0.5
LEVELS = 50
PART_MS = 60_000
PARTS = 30
REACHES_MS = LEVEL_MS // 2
"""How long a series must be past a limit for its level to be: the median is where half of its time is."""
assert PARTS * PART_MS == LEVEL_MS

_NONE = -1

LAYOUT = (
    Field("first_ms", "i8", (), _NONE, "ms", "event time of the first sample"),
    Field("last_ms", "i8", (), _NONE, "ms", "event time of the last sample"),
    Field(
        "part", "i4", (PARTS,), _NONE, "part", "number of the part (event time // PART_MS) held in place number % PARTS"
    ),
    Field("part_mean", "f8", (PARTS,), np.nan, "series", "mean of that part's samples"),
    Field("part_samples", "i4", (), 0, "samples", "samples in the newest part"),
    Field(
        "closed_bin", "i4", (LEVELS,), _NONE, "bin", "numbers (event time // LEVEL_MS) of the closed bins, newest last"
    ),
    Field("closed_level", "f8", (LEVELS,), np.nan, "series", "levels of the closed bins, NaN where there is none yet"),
)


def add_samples(arrays: Arrays, slots: Slots, timestamp_ms: Times, value: Floats) -> Places:
    """One sample per slot, none earlier than the slot's last one; returns the places of slots that closed a bin."""
    last_ms = arrays["last_ms"][slots]
    fresh = last_ms == _NONE
    closing = np.flatnonzero(~fresh & (timestamp_ms // LEVEL_MS > last_ms // LEVEL_MS))
    if len(closing):
        _close(arrays, slots[closing])
    _add_to_part(arrays, slots, (timestamp_ms // PART_MS).astype(np.int32), value)
    arrays["first_ms"][slots[fresh]] = timestamp_ms[fresh]
    arrays["last_ms"][slots] = timestamp_ms
    return closing


def _close(arrays: Arrays, slots: Slots) -> None:
    """The bin of the last sample joins the ring."""
    newest = (arrays["last_ms"][slots] // LEVEL_MS).astype(np.int32)
    inside = arrays["part"][slots] // PARTS == newest[:, None]
    level = row_medians(np.where(inside, arrays["part_mean"][slots], np.nan))
    arrays["closed_bin"][slots] = np.concatenate([arrays["closed_bin"][slots, 1:], newest[:, None]], axis=1)
    arrays["closed_level"][slots] = np.concatenate([arrays["closed_level"][slots, 1:], level[:, None]], axis=1)


def _add_to_part(arrays: Arrays, slots: Slots, part: Numbers, value: Floats) -> None:
    place = part % PARTS
    continues = arrays["part"][slots, place] == part
    samples = np.where(continues, arrays["part_samples"][slots] + 1, 1)
    # m_n = m_(n-1) + (x_n - m_(n-1)) / n
    mean = np.where(continues, arrays["part_mean"][slots, place], value)
    arrays["part_mean"][slots, place] = mean + (value - mean) / samples
    arrays["part"][slots, place] = part
    arrays["part_samples"][slots] = samples


def recent_levels(arrays: Arrays, slots: Slots) -> tuple[Times, Floats, Floats]:
    """What the history says now.

    Returns
    -------
    bins
        Shape (n, LEVELS + 1): bin numbers in order, the open bin last.
    levels
        Shape (n, LEVELS + 1): their levels; NaN where there is none, and for the open bin while the current level
        still rests on the bin before it too.
    level
        Shape (n,): the current level; NaN for a slot without samples.
    """
    last_ms = arrays["last_ms"][slots]
    open_bin = (last_ms // LEVEL_MS)[:, None]
    part = arrays["part"][slots]
    trailing = (part != _NONE) & (part > (last_ms // PART_MS)[:, None] - PARTS)
    level = row_medians(np.where(trailing, arrays["part_mean"][slots], np.nan))
    mixed = (trailing & (part // PARTS < open_bin)).any(axis=-1)
    bins = np.concatenate([arrays["closed_bin"][slots], open_bin], axis=1)
    levels = np.concatenate([arrays["closed_level"][slots], np.where(mixed, np.nan, level)[:, None]], axis=1)
    return bins, levels, level
