"""Variance: whether a series has become wilder or calmer than it used to be.

The errors of the fast level are averaged over a few samples and over the long history. The logarithm of their ratio is
calibrated like any strangeness (`extremes`): bursts that come every night are no change of variance.

    R = log2(short / long)
"""

from typing import NamedTuple

import numpy as np

from models.anomaly import extremes, scales
from models.arrays import Flags, Floats, Ints
from models.layout import Arrays, Field, Slots

SHORT_GAIN = 1.0 / 16.0
ERROR_SCALES_MAX = 16.0
"""One error widens the short mean as if it were no more than so many long ones."""
AWAY_OCTAVES = 2.0
"""Four times as wild, or as calm, for `LASTING` samples, is a change; it lasts until it is less than half of that."""
BACK_OCTAVES = 1.0
OCTAVES_MAX = 10.0
RATIO_MEAN = 1.0
"""Of the furthest ratio of an ordinary stretch, in octaves, before any was seen."""
LASTING = 16
KNOWN_SAMPLES = 400
RUN_MAX = 255

# A lone error, the largest that counts, does not bring the ratio near a change.
assert (ERROR_SCALES_MAX - 1.0) * SHORT_GAIN + 1.0 < 2.0**BACK_OCTAVES

LAYOUT = (
    Field("spread_short", "f8", (), 0, "y", "mean error of the newest samples"),
    Field("spread_long", "f8", (), 0, "y", "mean error of the long history, winsorised"),
    Field("spread_run", "u1", (), 0, "samples", "in a row with a ratio far from 1"),
    *extremes.layout("spread", RATIO_MEAN),
)


class Spread(NamedTuple):
    """Of one sample each; shape (n,): whether a change begins or goes on, how unlikely it is, and short over long."""

    begins: Flags
    holds: Flags
    strength: Floats
    ratio: Floats


def follow(state: Arrays, slots: Slots, error: Floats, seen: Ints, changed: Flags) -> Spread:
    """Carry the means on by one error of the fast level each, of the `seen`-th sample.

    One that repeats the value before it says nothing here: that is what flat lines are told by.
    """
    size = np.abs(error)
    short, long = state["spread_short"][slots], state["spread_long"][slots]
    held = np.where(long > 0, np.minimum(size, ERROR_SCALES_MAX * long), size)
    short = np.where(changed, short + np.maximum(SHORT_GAIN, 1.0 / seen) * (held - short), short)
    known = (seen > KNOWN_SAMPLES) & (long > 0) & (short > 0)
    octaves = np.log2(np.where(known, short, 1.0) / np.where(known, long, 1.0))
    octaves = np.minimum(np.maximum(octaves, -OCTAVES_MAX), OCTAVES_MAX)
    far = np.abs(octaves)
    run = np.minimum(state["spread_run"][slots].astype(np.int64) + changed, RUN_MAX)
    run = np.where(far >= AWAY_OCTAVES, run, 0)
    state["spread_short"][slots], state["spread_run"][slots] = short, run
    longer = long + scales.gain(seen) * (scales.winsorised(size, long, seen) - long)
    state["spread_long"][slots] = np.where(changed, longer, long)
    strength, lasting = np.zeros(len(slots)), np.flatnonzero(run >= LASTING)
    if len(lasting):
        y = extremes.surprisal(state, "spread", slots[lasting], far[lasting])
        strength[lasting] = -np.expm1(-np.log(10.0) * y)
    extremes.learn(state, "spread", slots, far, seen)
    return Spread(run >= LASTING, far >= BACK_OCTAVES, strength, 2.0**octaves)
