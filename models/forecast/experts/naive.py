"""Seasonal naive: what the last short and the last long cycle had at the same place.

Neither is moved to the present level: beside the other experts that was within noise or worse (models/README.md,
Ablation; by `foreshock backtest`).
"""

import numpy as np

from models.arrays import Floats
from models.forecast.memory.cycles import last_long, last_short
from models.forecast.series import Sample, Target
from models.forecast.shifts import Shift
from models.layout import Arrays, Field, Slots

NAMES: tuple[str, ...] = ("short_naive", "long_naive")

LAYOUT: tuple[Field, ...] = ()


def start(state: Arrays, slots: Slots, value: Floats) -> None:
    """It has no state of its own: the memory of cycles has."""


def learn(state: Arrays, sample: Sample) -> None:
    """It has no state of its own: the memory of cycles has."""


def move(state: Arrays, shift: Shift) -> None:
    """It has no state of its own: the memory of cycles has."""


def points(state: Arrays, target: Target) -> list[Floats]:
    """Where a cycle is not known yet: the shorter one, and at last the newest sample."""
    rows = target.slots[:, None]
    base = state["base"][rows]
    said, simpler = [], np.broadcast_to(state["last"][rows], target.ahead.shape)
    for before in (last_short(state, rows, target.short), last_long(state, rows, target.long)):
        simpler = np.where(np.isnan(before), simpler, base + before)
        said.append(simpler)
    return said
