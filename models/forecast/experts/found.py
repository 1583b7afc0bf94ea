"""The period found in the newest steps: the median of the last few cycles at the same place.

Every 128 steps a series is looked at again (`period`); a period that is gone is forgotten then.
"""

import numpy as np

from models.arrays import Floats, Ints
from models.forecast.memory import recent
from models.forecast.period import find_period
from models.forecast.series import Sample, Target
from models.forecast.shifts import Shift
from models.layout import Arrays, Field, Slots
from models.medians import row_medians

NAMES: tuple[str, ...] = ("found",)

LAYOUT: tuple[Field, ...] = (Field("found_period", "i8", (), 0, "steps", "period found in the newest steps, 0: none"),)

LOOK_EVERY_STEPS = recent.RECENT
CYCLES = 3


def start(state: Arrays, slots: Slots, value: Floats) -> None:
    """No period is known."""


def learn(state: Arrays, sample: Sample) -> None:
    """Look for a period in the steps before this sample, when it is time."""
    last_step = sample.step - sample.missed - 1
    due = np.flatnonzero(sample.step // LOOK_EVERY_STEPS != last_step // LOOK_EVERY_STEPS)
    if len(due):
        slots = sample.slots[due]
        state["found_period"][slots] = find_period(recent.newest(state, slots, last_step[due]))


def move(state: Arrays, shift: Shift) -> None:
    """The period stays; the memory of the newest steps moves."""


def points(state: Arrays, target: Target) -> list[Floats]:
    """Where no period is known: the fast level."""
    rows = target.slots[:, None]
    level = np.broadcast_to(state["level_fast"][rows], target.ahead.shape)
    period = state["found_period"][rows]
    cycle: Ints = np.maximum(period, 1)
    # The newest step that is whole cycles before the target, and the same place of the cycles before it.
    first: Ints = target.last_step + (target.ahead - 1) % cycle + 1 - cycle
    back: Ints = first[..., None] - cycle[..., None] * np.arange(CYCLES)
    reached = (back > (target.last_step - recent.RECENT)[..., None]) & (period > 0)[..., None]
    values = np.where(reached, recent.at(state, rows[..., None], back), np.float32(np.nan))
    median = state["base"][rows] + row_medians(values)
    return [np.where(np.isnan(median), level, median)]
