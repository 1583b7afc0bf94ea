"""Extremes of every window of neighbours along the last axis."""

from typing import TypeVar

import numpy as np

from models.arrays import Floats, Singles

Values = TypeVar("Values", Singles, Floats)


def maxima(of: Values, width: int) -> Values:
    """The maximum of every `width` neighbours: shape [..., m - width + 1] from [..., m], NaN is passed over."""
    reached = 1
    # From maxima of 1, 2, 4, ... neighbours.
    while reached < width:
        by = min(reached, width - reached)
        of = np.fmax(of[..., :-by], of[..., by:])
        reached += by
    return of


def minima(of: Values, width: int) -> Values:
    """The minimum of every `width` neighbours, alike."""
    return -maxima(-of, width)
