"""Departures: how far a sample is from where the series was expected, known before it is learned.

What others than the forecasts make of a sample (`models.anomaly`) goes by these, and needs no second profile.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.forecast.series import Sample
from models.layout import Arrays

Floats = npt.NDArray[np.float64]


class Departures(NamedTuple):
    """Of one sample each of n series, in the unit of the series; shape [n].

    Attributes
    ----------
    level
        From the fast level, which is the simplest forecast one step ahead.
    season
        From the slow level with the profile of the short cycle; NaN where this place of it was never seen.
    """

    level: Floats
    season: Floats


def departures(state: Arrays, sample: Sample) -> Departures:
    """Of samples that no expert has learned yet."""
    slots = sample.slots
    usual = state["short_base"][slots] + state["short_profile"][slots, sample.short.at.bin]
    return Departures(sample.raw - state["level_fast"][slots], sample.raw - usual)
