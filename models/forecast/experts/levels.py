"""The last value, and levels that follow the series fast and slowly.

Simple exponential smoothing, l += alpha (y - l), is ETS(A, N, N). Young gains are 1 / count: first levels are means.
"""

import numpy as np

from models.arrays import Floats
from models.forecast.series import Sample, Target
from models.forecast.shifts import Shift
from models.layout import Arrays, Field, Slots

NAMES: tuple[str, ...] = ("last", "level_fast", "level_slow")

LAYOUT: tuple[Field, ...] = (
    Field("last", "f8", (), 0, "y", "newest sample"),
    Field("level_fast", "f8", (), 0, "y", "SES level, alpha `gains.level_fast`"),
    Field("level_slow", "f8", (), 0, "y", "SES level, alpha `gains.level_slow`"),
)


def start(state: Arrays, slots: Slots, value: Floats) -> None:
    """Begin at the first value."""
    for name in NAMES:
        state[name][slots] = value


def learn(state: Arrays, sample: Sample) -> None:
    """One sample each."""
    slots = sample.slots
    state["last"][slots] = sample.raw
    for name, alpha in (("level_fast", sample.gains.level_fast), ("level_slow", sample.gains.level_slow)):
        level = state[name][slots]
        # l += alpha (y - l)
        state[name][slots] = level + np.maximum(alpha, sample.young) * (sample.value - level)


def move(state: Arrays, shift: Shift) -> None:
    """The slow level starts anew where the fast one is."""
    slots = shift.sample.slots
    state["level_slow"][slots] = state["level_fast"][slots]


def points(state: Arrays, target: Target) -> list[Floats]:
    """The same for every horizon."""
    shape = target.ahead.shape
    return [np.broadcast_to(state[name][target.slots][:, None], shape) for name in NAMES]
