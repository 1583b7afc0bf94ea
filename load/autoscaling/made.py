"""A generated load: mornings as sudden every day, a campaign at its hour, noise, and spikes that nobody foresees."""

import numpy as np

from load.autoscaling.trace import MINUTE_MS
from load.recordings.table import SampleTable
from streams.series import SeriesKey

BEGIN_MS = 1_767_571_200_000
"""A Monday, midnight UTC."""

DAY_MINUTES = 1_440
SPIKES_PER_DAY = 0.5


def made_load(days: int, seed: int) -> SampleTable:
    """Requests by the minute; the same seed gives the same."""
    random = np.random.default_rng(seed)
    minute = np.arange(days * DAY_MINUTES)
    of_day = minute % DAY_MINUTES
    # Offices open within a quarter of an hour, and close slowly.
    opens = 1.0 / (1.0 + np.exp(-(of_day - 8 * 60) / 4.0))
    closes = 1.0 / (1.0 + np.exp((of_day - 18 * 60) / 40.0))
    # A campaign at noon that doubles the load for half an hour.
    campaign = 1.0 + ((of_day >= 12 * 60) & (of_day < 12 * 60 + 30))
    level = (400.0 + 2_600.0 * opens * closes * campaign) * _spikes(random, minute)
    value = random.poisson(level * np.exp(0.03 * random.standard_normal(len(minute)))).astype(np.float64)
    key = SeriesKey("requests_per_minute", (("service", "made"),))
    return SampleTable([key], np.zeros(len(minute), np.int64), BEGIN_MS + minute * MINUTE_MS, value)


def _spikes(
    random: np.random.Generator, minute: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Factors: twice the load for ten minutes, at any time."""
    factor = np.ones(len(minute))
    for begin in np.flatnonzero(random.random(len(minute)) < SPIKES_PER_DAY / DAY_MINUTES).tolist():
        factor[begin : begin + 10] = 2.0
    return factor
