"""Shapes that signals are made of. Every function maps event times or steps [n] to an array [n]."""

import numpy as np

from load.generate.spec import DAY_MS
from load.recordings.table import FloatColumn, IntColumn

WEEK_MS = 7 * DAY_MS
MONDAY_MS = 4 * DAY_MS  # The epoch was a Thursday.
PEAK_HOUR_DEFAULT = 14.0
WEEKEND_SHARE = 0.3  # How much of the load is gone at weekends.
WEEKEND_EDGE = 0.1  # Days over which it goes and comes back.


def user_load(times_ms: IntColumn, peak_hour: float = PEAK_HOUR_DEFAULT) -> FloatColumn:
    """Load of a service that people use: about 0.25 by night, 1 at the weekdays' peak, less at weekends."""
    hour = (times_ms % DAY_MS) / DAY_MS * 24
    angle = 2 * np.pi * (hour - peak_hour) / 24
    daily = 0.6 + 0.32 * np.cos(angle) + 0.08 * np.cos(2 * angle)
    return np.asarray(daily * (1 - WEEKEND_SHARE * _weekend(times_ms)))


def smooth_noise(rng: np.random.Generator, steps: int, width: int) -> FloatColumn:
    """Noise of unit variance that is correlated over about `width` steps."""
    white = rng.standard_normal(steps + width - 1)
    summed = np.cumsum(np.concatenate([[0.0], white]))
    return np.asarray((summed[width:] - summed[:-width]) / np.sqrt(width))


def pulse(times_ms: IntColumn, start_ms: int, end_ms: int, ramp_ms: int) -> FloatColumn:
    """0 outside of the span, 1 inside, linear over `ramp_ms` at either end of it."""
    rising = (times_ms - start_ms) / ramp_ms
    falling = (end_ms - times_ms) / ramp_ms
    return np.clip(np.minimum(rising, falling), 0.0, 1.0)


def counter(increase: FloatColumn, restarts: IntColumn) -> FloatColumn:
    """Running total of `increase` per step, from zero again at each of the steps `restarts`."""
    total = np.cumsum(increase)
    for step in restarts.tolist():
        total[step:] -= total[step]
    return total


def _weekend(times_ms: IntColumn) -> FloatColumn:
    """1 on Saturdays and Sundays, 0 on other days, without a jump between."""
    day = ((times_ms - MONDAY_MS) % WEEK_MS) / DAY_MS
    return np.clip(np.minimum(day - 5, 7 - day) / WEEKEND_EDGE, 0.0, 1.0)
