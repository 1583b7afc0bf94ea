"""False beginnings: a first value that has nothing to do with what follows it.

A gauge may be read before its process is ready, and say 0 once. Means, scales and losses of such a series begin with
an error as large as its level, and would need weeks to forget it. So the first is looked at when some others are known.
"""

import numpy as np

from models.arrays import Flags
from models.forecast.memory import recent
from models.forecast.robust import LEARNING_SAMPLES
from models.layout import Arrays, Slots

LOOKED_AT_AFTER = LEARNING_SAMPLES
FAR_RANGES = 100.0
"""A first value is false if it lies so many times the range of all others away from them."""

assert LOOKED_AT_AFTER < recent.RECENT


def was_false(state: Arrays, slots: Slots) -> Flags:
    """Whether the first of the samples learned so far was false; looked at once, before the next one is learned."""
    false = np.zeros(len(slots), np.bool_)
    rows = np.flatnonzero(state["count"][slots] == LOOKED_AT_AFTER)
    if len(rows):
        false[rows] = _is_far(state, slots[rows])
    return false


def _is_far(state: Arrays, slots: Slots) -> Flags:
    last_step = state["last_step"][slots]
    # Less the base, which is the first value: so far are the others from it.
    others = recent.newest(state, slots, last_step).astype(np.float64)
    at_first = recent.RECENT - 1 - (last_step - state["first_step"][slots])
    held = np.flatnonzero(at_first >= 0)
    others[held, at_first[held]] = np.nan
    known = ~np.isnan(others)
    lowest, highest = np.where(known, others, np.inf).min(axis=1), np.where(known, others, -np.inf).max(axis=1)
    nearest = np.maximum(np.maximum(lowest, -highest), 0.0)
    return np.asarray(nearest > FAR_RANGES * (highest - lowest))
