"""Departures: how far a sample is from where the series was expected, known before it is learned.

What others than the forecasts make of a sample (`models.anomaly`) goes by these, and needs no second profile.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Floats
from models.forecast.memory.cycles import short_bins
from models.forecast.series import Sample
from models.layout import Arrays


class Departures(NamedTuple):
    """Of one sample each of n series, in the unit of the series; shape (n,).

    Attributes
    ----------
    level
        From the fast level, which is the simplest forecast one step ahead.
    season
        From what is usual at this time of the short cycle, whichever is nearest: the slow level with the profile, or
        what the cycle before had here or a bin later. To a profile the samples of a nightly job are outliers, which it
        takes weeks to believe, and a job may begin a little earlier than yesterday. NaN where nothing is known of it.
    """

    level: Floats
    season: Floats


def departures(state: Arrays, sample: Sample) -> Departures:
    """Of samples that no expert has learned yet."""
    slots = sample.slots
    at, bins = sample.short.at.bin, sample.short.cycle.bins
    departed = sample.raw - (state["short_base"][slots] + state["short_profile"][slots, at])
    value = sample.raw - state["base"][slots]
    here = np.where(sample.short.visit == sample.short.newest, np.nan, value - short_bins(state, slots, at))
    for other in (here, value - short_bins(state, slots, (at + 1) % bins)):
        nearer = (np.abs(other) < np.abs(departed)) | np.isnan(departed)
        departed = np.where(nearer, other, departed)
    return Departures(sample.raw - state["level_fast"][slots], departed)
