"""What a fleet's series of a metric are like in the course of a day, for those that have not shown it themselves.

The shape is relative, value = level x shape, so that one serves series of any size. The level is a quotient of two
fast levels, one of the series and one of its shape: where the shape is nearly 0 a sample tells little of the level, and
a quotient of means minds that where a mean of quotients would not.
"""

import numpy as np

from models.arrays import Floats, Ints
from models.forecast.cycles import DAY_MS
from models.forecast.series import Sample, Target
from models.forecast.shapes import NO_SHAPE, Shapes
from models.forecast.shifts import Shift
from models.layout import Arrays, Field, Slots

NAMES: tuple[str, ...] = ("fleet_shape",)

LAYOUT: tuple[Field, ...] = (
    Field("shape_number", "i8", (), NO_SHAPE, "-", "shape of its metric, 0: none"),
    Field("shape_value", "f8", (), 0, "y", "level of the series, alpha `gains.short_level`"),
    Field("shape_mean", "f8", (), 1, "-", "level of the shape, with the same gains"),
)

YOUNG_RATIO = 0.35
"""Loss ratio until a series has seen a whole day: the others know no season yet, and are many that say the same."""
GROWN_RATIO = 2.0
"""From then on. The fleet's own ratio would be 0.55 on a generated fleet, and worse for grown series by 1 %."""
SHAPELESS_RATIO = 1e6
"""Where there is no shape the expert repeats another, and gets no weight for it."""


class FleetShape:
    """The family: one expert, with the shapes it reads.

    Parameters
    ----------
    shapes
        Those that the parameters have.
    """

    NAMES = NAMES
    LAYOUT = LAYOUT

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes

    def start(self, state: Arrays, slots: Slots, value: Floats) -> None:
        """Begin at the first value, without a shape."""
        state["shape_value"][slots] = value

    def learn(self, state: Arrays, sample: Sample) -> None:
        """One sample each."""
        slots = sample.slots
        shape = self._shapes.at(state["shape_number"][slots], sample.step_ms, sample.local_ms)
        gain = np.maximum(sample.gains.short_level, sample.young)
        # SES of both: l += alpha (y - l), m += alpha (s - m)
        for name, new in (("shape_value", sample.value), ("shape_mean", shape)):
            level = state[name][slots]
            state[name][slots] = level + gain * (new - level)

    def move(self, state: Arrays, shift: Shift) -> None:
        """Its fast level is there already: a shift is confirmed a whole day later."""

    def points(self, state: Arrays, target: Target) -> list[Floats]:
        """Where a series has no shape, or has been negative: the fast level."""
        rows = target.slots[:, None]
        number = state["shape_number"][rows]
        shape = self._shapes.at(number, state["step_ms"][rows], target.local_ms)
        known = (number != NO_SHAPE) & (state["lowest"][rows] >= 0)
        level = np.broadcast_to(state["level_fast"][rows], shape.shape)
        # l / m s
        return [np.where(known, state["shape_value"][rows] / state["shape_mean"][rows] * shape, level)]


def give(state: Arrays, slots: Slots, number: Ints) -> None:
    """Give series, which have been started, their shapes by number; only those whose short cycle is a day have one."""
    state["shape_number"][slots] = np.where(state["short_period_ms"][slots] == DAY_MS, number, NO_SHAPE)


def loss_ratio(state: Arrays, slots: Slots) -> Floats:
    """How far to trust the expert before these series' own record says so, in the unit of `Params.loss_ratio`."""
    age_ms = (state["last_step"][slots] - state["first_step"][slots]) * state["step_ms"][slots]
    ratio = np.where(age_ms < DAY_MS, YOUNG_RATIO, GROWN_RATIO)
    return np.where(state["shape_number"][slots] == NO_SHAPE, SHAPELESS_RATIO, ratio)
