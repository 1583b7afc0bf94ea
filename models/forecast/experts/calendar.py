"""Special days that the settings name, such as the end of the month: how they differ from the same day otherwise.

For each class of days and each eighth of the day a shift is learned against the slow seasonal forecast, whose own
profile and level these days do not teach.
"""

import numpy as np

from models.arrays import Floats, Ints, Singles
from models.calendar.clocks import CLASSES_MAX
from models.forecast.cycles import DAY_MS
from models.forecast.experts import profiles
from models.forecast.series import Sample, Target
from models.forecast.shifts import Shift
from models.layout import Arrays, Field, Slots

NAMES: tuple[str, ...] = ("calendar",)

PARTS = 8
"""Of a day."""
GAIN_PER_DAY = 1.0
_SLOW = profiles.NAMES.index("long_slow")

LAYOUT: tuple[Field, ...] = (
    Field("special_shift", "f4", (CLASSES_MAX, PARTS), 0, "y", "shift by class and part of the day"),
)


def start(state: Arrays, slots: Slots, value: Floats) -> None:
    """No shifts are known."""


def learn(state: Arrays, sample: Sample) -> None:
    """One sample each; those of ordinary days teach nothing."""
    # Before a whole long cycle was seen, what is usual is not known.
    special = np.flatnonzero((sample.day_class > 0) & (sample.elapsed_ms > sample.long.cycle.period_ms))
    if not len(special):
        return
    slots, kind = sample.slots[special], sample.day_class[special] - 1
    part = _part(sample.local_ms[special])
    level = state["long_base"][slots] + _known(state["long_profile"][slots, sample.long.at.bin[special]])
    old = state["special_shift"][slots, kind, part].astype(np.float64)
    steps = np.maximum(DAY_MS // (PARTS * sample.step_ms[special]), 1)
    # s += g (y - l - s), the gain of a day spread over its steps
    state["special_shift"][slots, kind, part] = old + GAIN_PER_DAY / steps * (sample.value[special] - level - old)


def move(state: Arrays, shift: Shift) -> None:
    """Special days differ as they did."""


def points(state: Arrays, target: Target) -> list[Floats]:
    """The slow seasonal forecast, shifted on special days."""
    rows = target.slots[:, None]
    slow = profiles.points(state, target)[_SLOW]
    kind = np.maximum(target.day_class - 1, 0)
    shift = state["special_shift"][rows, kind, _part(target.local_ms)].astype(np.float64)
    return [np.where(target.day_class > 0, slow + shift, slow)]


def _part(local_ms: Ints) -> Ints:
    return np.asarray(local_ms % DAY_MS * PARTS // DAY_MS)


def _known(profile: Singles) -> Floats:
    return np.where(np.isnan(profile), 0.0, profile).astype(np.float64)
