"""Memory of the newest steps: a ring of the last 128, NaN where a step had no sample."""

import numpy as np

from models.arrays import Ints, Singles
from models.forecast.series import Sample
from models.forecast.shifts import Shift
from models.layout import Arrays, Field, Slots

RECENT = 128

LAYOUT = (Field("recent", "f4", (RECENT,), np.nan, "y", "values of the newest steps less the base, a ring by step"),)


def learn(state: Arrays, sample: Sample) -> None:
    """Remember one sample each; the steps missed before it hold nothing."""
    recent = state["recent"]
    gaps = np.flatnonzero(sample.missed)
    if len(gaps):
        slots, missed = sample.slots[gaps], sample.missed[gaps]
        back = np.arange(1, RECENT)
        place = (sample.step[gaps][:, None] - back) % RECENT
        rows = slots[:, None]
        recent[rows, place] = np.where(back <= missed[:, None], np.float32(np.nan), recent[rows, place])
    recent[sample.slots, sample.step % RECENT] = sample.raw - state["base"][sample.slots]


def move(state: Arrays, shift: Shift) -> None:
    """Keep the steps since the shift where they are, before the base moves."""
    back = np.arange(RECENT)
    rows, place = shift.sample.slots[:, None], (shift.sample.step[:, None] - back) % RECENT
    by = np.where(back < shift.steps[:, None], shift.by[:, None], 0.0)
    state["recent"][rows, place] = state["recent"][rows, place] - by


def newest(state: Arrays, slots: Slots, last_step: Ints) -> Singles:
    """The ring in the order of time, the oldest step first: (n, RECENT), less the base."""
    place = (last_step[:, None] + np.arange(1, RECENT + 1)) % RECENT
    return np.asarray(state["recent"][slots[:, None], place])


def at(state: Arrays, slots: Slots, step: Ints) -> Singles:
    """Values at steps that are among the newest, less the base; the arrays broadcast."""
    return np.asarray(state["recent"][slots, step % RECENT])
