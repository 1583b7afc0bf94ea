"""Shapes of a day that a fleet has shown, one for each of some metrics: relative values, whose mean is 1.

A shape is cut into the hours of the local day and read between their centres, as the profiles of `cycles` are. They are
numbered in the order of the alphabet; number 0 is no shape, 1 all day long.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from models.arrays import Floats, Ints
from models.forecast.cycles import DAY_MS, Cycle, place

BINS: Final = 24
FLOOR: Final = 0.05
"""Nothing is read below it: a level is divided by what is read."""

NO_SHAPE: Final = 0

_DAY: Final = Cycle(np.array(DAY_MS), np.array(BINS))


class Shapes:
    """Shapes by the numbers of their metrics.

    Parameters
    ----------
    of_metric
        `BINS` values of each metric, not negative, with mean 1.
    """

    def __init__(self, of_metric: Mapping[str, tuple[float, ...]]) -> None:
        assert all(len(shape) == BINS for shape in of_metric.values())
        self._numbers = {metric: number for number, metric in enumerate(sorted(of_metric), start=1)}
        self._values = np.maximum([(1.0,) * BINS, *[of_metric[metric] for metric in self._numbers]], FLOOR)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._numbers)

    def number(self, metric: str) -> int:
        """The number of a metric's shape; `NO_SHAPE` where it has none."""
        return self._numbers.get(metric, NO_SHAPE)

    def at(self, number: Ints, step_ms: Ints, local_ms: Ints) -> Floats:
        """What the shapes are in the middle of the steps that start at these local times; the arrays broadcast."""
        at = place(_DAY, step_ms, local_ms)
        return np.asarray((1.0 - at.share) * self._values[number, at.left] + at.share * self._values[number, at.right])
