"""Memory of whole cycles: the last short cycle and the last three long ones, bin by bin.

A bin of several steps holds the mean of those seen on its latest visit. A bin that was skipped keeps what an earlier
cycle left there, which is as good a guess as any at what was missed. Bins never visited hold NaN.
"""

import numpy as np

from models.arrays import Floats, Ints, Singles
from models.forecast.cycles import LONG_BINS_MAX, SHORT_BINS_MAX
from models.forecast.series import Position, Sample, visits_with
from models.forecast.shifts import Shift, visited
from models.layout import Arrays, Field, Slots

LONG_CYCLES = 3

LAYOUT = (
    Field("short_memory", "f4", (SHORT_BINS_MAX,), np.nan, "y", "latest mean less the base by bin of the short cycle"),
    Field("long_memory", "f4", (LONG_CYCLES * LONG_BINS_MAX,), np.nan, "y", "the same of the last three long cycles"),
)


def learn(state: Arrays, sample: Sample) -> None:
    """Remember one sample each."""
    slots = sample.slots
    value = sample.raw - state["base"][slots]
    for name, position, cycles in (("short", sample.short, 1), ("long", sample.long, LONG_CYCLES)):
        memory, place = state[f"{name}_memory"], position.visit % (cycles * position.cycle.bins)
        visits = visits_with(position)
        old = memory[slots, place].astype(np.float64)
        # mean += (y - mean) / n
        mean = np.where(visits > 1, old + (value - old) / visits, value)
        memory[slots, place] = np.where(position.cycle.period_ms > 0, mean, np.nan)


def move(state: Arrays, shift: Shift) -> None:
    """Keep the bins visited since the shift where they are, before the base moves."""
    for name, position, bins, cycles in (
        ("short", shift.sample.short, shift.short_bins, 1),
        ("long", shift.sample.long, shift.long_bins, LONG_CYCLES),
    ):
        memory, (row, place) = state[f"{name}_memory"], visited(position, bins, cycles * position.cycle.bins)
        slots = shift.sample.slots[row]
        memory[slots, place] = memory[slots, place] - shift.by[row]


def last_short(state: Arrays, slots: Slots, position: Position) -> Floats:
    """The last short cycle at a place, less the base; NaN where it is not known."""
    memory, at = state["short_memory"], position.at
    return _between(memory[slots, at.left], memory[slots, at.right], at.share)


def last_long(state: Arrays, slots: Slots, position: Position) -> Floats:
    """The last long cycle at a place, less the base; NaN where it is not known."""
    memory, at, bins = state["long_memory"], position.at, position.cycle.bins
    before = position.visit - _cycles_back(position) * bins
    # A place is read from its bin and the one before or after it, which may lie in another cycle.
    left = before - (at.left != at.bin)
    right = left + (at.right != at.left)
    size = LONG_CYCLES * bins
    return _between(memory[slots, left % size], memory[slots, right % size], at.share)


def short_bins(state: Arrays, slots: Slots, bins: Ints) -> Singles:
    """Bins of the last short cycle, less the base; the arrays broadcast."""
    return np.asarray(state["short_memory"][slots, bins])


def earlier_short(state: Arrays, slots: Slots, position: Position, stride: Ints, count: int) -> Singles:
    """What the newest `count` bins a multiple of `stride` before a place hold, less the base: [..., count]."""
    return _earlier(state["short_memory"], slots, position, stride, position.cycle.bins, count)


def earlier_long(state: Arrays, slots: Slots, position: Position, stride: Ints, count: int) -> Singles:
    """The same from the memory of the long cycles."""
    return _earlier(state["long_memory"], slots, position, stride, LONG_CYCLES * position.cycle.bins, count)


def _cycles_back(position: Position) -> Ints:
    """To the newest visit of the same bin that is a whole cycle back and not after the last sample."""
    return np.asarray(np.maximum(-((position.newest - position.visit) // position.cycle.bins), 1))


def _earlier(memory: Singles, slots: Slots, position: Position, stride: Ints, size: Ints, count: int) -> Singles:
    """NaN where the stride is 0, and where the memory does not reach back so far."""
    step = np.maximum(stride, 1)
    first = np.maximum(-((position.newest - position.visit) // step), 0)
    back = (position.visit - first * step)[..., None] - step[..., None] * np.arange(count)
    held = memory[slots[..., None], back % size[..., None]]
    reached = (back > (position.newest - size)[..., None]) & (stride > 0)[..., None]
    return np.where(reached, held, np.float32(np.nan))


def _between(left: Singles, right: Singles, share: Floats) -> Floats:
    # A place that is one bin alone is not spoiled by an unknown neighbour.
    mixed = (1.0 - share) * left.astype(np.float64) + share * right.astype(np.float64)
    return np.where(share > 0, mixed, left)
