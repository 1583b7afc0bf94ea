"""Horizons: the few at which forecasts are scored and published, and how the others lie between them."""

from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints

ANCHORS_MAX = 12
HORIZON_MAX = 2016
"""Steps: a week of five-minute steps."""

NOT_AN_ANCHOR = -1


class Between(NamedTuple):
    """Horizons between anchors: value(h) = (1 - share) value[left] + share value[right]; shape (k,)."""

    left: Ints
    right: Ints
    share: Floats


class Horizons:
    """Anchors of a horizon of `steps`: at most 12, geometrically spaced, the first 1 and the last `steps`."""

    def __init__(self, steps: int) -> None:
        if not 1 <= steps <= HORIZON_MAX:
            raise ValueError(f"horizon {steps} is not between 1 and {HORIZON_MAX} steps")
        self.steps = steps
        self.anchors: Ints = np.array(_geometric(steps), np.int64)
        # anchor_of[h] = place of h among the anchors; index 0 and steps + 1 stand for "outside the horizon".
        self.anchor_of: Ints = np.full(steps + 2, NOT_AN_ANCHOR, np.int64)
        self.anchor_of[self.anchors] = np.arange(len(self.anchors))

    def between(self, horizons: Ints) -> Between:
        """Where each of `horizons` (1 or more) lies among the anchors; past the last one it is read as the last."""
        within = np.minimum(horizons, self.steps)
        right = np.searchsorted(self.anchors, within)
        left = np.maximum(right - 1, 0)
        width = np.maximum(self.anchors[right] - self.anchors[left], 1)
        return Between(left, right, np.where(left == right, 0.0, (within - self.anchors[left]) / width))


def _geometric(steps: int) -> list[int]:
    """round(steps^(i/r)), i = 0..r, with the finest r that yields no more than ANCHORS_MAX different values."""
    best = [1]
    for resolution in range(1, 4 * ANCHORS_MAX):
        anchors = sorted({round(steps ** (i / resolution)) for i in range(resolution + 1)})
        if len(anchors) > ANCHORS_MAX:
            break
        best = anchors
    return best
