"""Seasonal naive: what the last cycle had at the same place, as it was and moved to the present level.

The move is a discounted mean of how far the newest samples lie from those one cycle before.
"""

import numpy as np
import numpy.typing as npt

from models.forecast.memory.cycles import last_long, last_short
from models.forecast.series import Sample, Target
from models.layout import Arrays, Field, Slots

Floats = npt.NDArray[np.float64]

NAMES: tuple[str, ...] = ("short_naive", "short_naive_moved", "long_naive", "long_naive_moved")

LAYOUT: tuple[Field, ...] = (
    Field("short_move", "f8", (), 0, "y", "how far the newest samples lie from those a short cycle ago"),
    Field("long_move", "f8", (), 0, "y", "the same of the long cycle"),
)


def start(state: Arrays, slots: Slots, value: Floats) -> None:
    """Nothing has moved."""


def learn(state: Arrays, sample: Sample) -> None:
    """One sample each."""
    slots, gains = sample.slots, sample.gains
    value = sample.raw - state["base"][slots]
    for name, before, gain in (
        ("short_move", last_short(state, slots, sample.short), gains.short_move),
        ("long_move", last_long(state, slots, sample.long), gains.long_move),
    ):
        move = state[name][slots]
        # d += g (y - y[-cycle] - d)
        moved = move + gain * (value - before - move)
        state[name][slots] = np.where(np.isnan(before), move, moved)


def points(state: Arrays, target: Target) -> list[Floats]:
    """Where the cycle is not known yet: the simpler cycle, and at last the newest sample or the fast level."""
    rows, shape = target.slots[:, None], target.ahead.shape
    base = state["base"][rows]
    last, level = (np.broadcast_to(state[name][rows], shape) for name in ("last", "level_fast"))
    short, short_moved = _either(base + last_short(state, rows, target.short), state["short_move"][rows], last, level)
    long = base + last_long(state, rows, target.long)
    return [short, short_moved, *_either(long, state["long_move"][rows], short, short_moved)]


def _either(before: Floats, move: Floats, plain: Floats, moved: Floats) -> tuple[Floats, Floats]:
    """A cycle as it was and moved, or what stands in for both where it is not known."""
    known = ~np.isnan(before)
    return np.where(known, before, plain), np.where(known, before + move, moved)
