"""What a family of experts is: a module with these names.

A family learns every sample in O(1) and forecasts points at any horizon. It depends on the series' own samples alone;
where its history is too short it repeats a simpler expert, so that the weights can't tell the two apart.
"""

from typing import Protocol

from models.arrays import Floats
from models.forecast.series import Sample, Target
from models.forecast.shifts import Shift
from models.layout import Arrays, Field, Slots


class Family(Protocol):
    """Experts that share state."""

    NAMES: tuple[str, ...]
    """Of its experts, in the order of `points`."""

    LAYOUT: tuple[Field, ...]
    """State of its own, per series."""

    def start(self, state: Arrays, slots: Slots, value: Floats) -> None:
        """Begin fresh slots at their first value; `series.begin` has run."""

    def learn(self, state: Arrays, sample: Sample) -> None:
        """One sample each of n different series. The memories have not learned it yet."""

    def move(self, state: Arrays, shift: Shift) -> None:
        """The level of n different series has moved for good; `base`, which memories are relative to, follows."""

    def points(self, state: Arrays, target: Target) -> list[Floats]:
        """Point forecasts of every expert, (n, k) each, in the unit of the series."""
