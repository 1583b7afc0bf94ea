"""When does it run out? Levels of many series, and their first passage over limits.

A slot follows one series under one rule. Its drift and spread are medians over the last day's hourly increments
(`drift`), its way to the limit a walk (`passage`). Nothing is fitted; nothing is assumed about the limit, which may
change from call to call.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.capacity import levels
from models.capacity.drift import drift_and_spread, hourly_increments
from models.capacity.passage import crossing_probability, crossing_times
from models.layout import Layout, Slots, allocate, grow, reset_rows

LAYOUT = levels.LAYOUT

# A median of fewer increments says nothing about their spread.
INCREMENTS_MIN = 2

_WITHIN_H = np.array([1.0, 24.0, 168.0])
_QUANTILES = np.array([0.1, 0.5, 0.9])
_HOUR_MS = 3_600_000

# Slots predicted at a time: their grids of probabilities stay in the processor's cache.
_CHUNK = 256

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CapacityPrediction:
    """Predictions of n slots, all arrays of shape (n,).

    `ready` is false where there are fewer than INCREMENTS_MIN increments; everything but the history's own fields
    (`level`, `gap`, `levels_seen`, `supported_h`) is NaN there. An ETA is infinite when the limit is not reached
    within ETA_HORIZON_H with that probability. At or over the limit the probabilities are 1 and the ETAs 0.
    """

    ready: Flags
    p_within_1h: Floats
    p_within_24h: Floats
    p_within_7d: Floats
    eta_p10_h: Floats
    eta_p50_h: Floats
    eta_p90_h: Floats
    drift_per_h: Floats  # in the series' own direction: negative when it falls
    spread_per_sqrt_h: Floats
    level: Floats
    gap: Floats  # room left before the limit; zero or negative when it is reached
    levels_seen: npt.NDArray[np.int64]  # levels the drift may rest on, at most LEVELS + 1
    supported_h: Floats  # age of the history: an ETA beyond it is extrapolation


class CapacityBank:
    """The levels of `capacity` slots."""

    def __init__(self, capacity: int) -> None:
        self.layout: Layout = LAYOUT
        self.arrays = allocate(LAYOUT, capacity)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots; those there are stay as they are."""
        held = len(next(iter(self.arrays.values())))
        if slots > held:
            self.arrays = grow(self.arrays, LAYOUT, max(slots, 2 * held))

    def reset(self, slots: Slots) -> None:
        """Forget these slots."""
        reset_rows(self.arrays, LAYOUT, slots)

    def update(self, slots: Slots, timestamp_ms: Times, value: Floats) -> None:
        """Add one sample to each of the (distinct) slots; shapes (n,), values finite, no slot's time going back."""
        levels.add_samples(self.arrays, slots, timestamp_ms, value)

    def predict(self, slots: Slots, limit: Floats, direction: npt.NDArray[np.integer]) -> CapacityPrediction:
        """When each slot's level reaches its limit, from its own last sample on.

        Parameters
        ----------
        slots, limit, direction
            Shape (n,); direction +1 where the limit is above (the level grows into it), -1 where it is below.
        """
        bins, recent, level = levels.recent_levels(self.arrays, slots)
        per_hour, hours = hourly_increments(bins, recent)
        drift, spread = drift_and_spread(per_hour, hours, recent)
        gap = direction * (limit - level)
        ready = np.count_nonzero(~np.isnan(per_hour), axis=-1) >= INCREMENTS_MIN
        within, eta = _passage(gap, direction * drift, spread, ready)
        age_ms = self.arrays["last_ms"][slots] - self.arrays["first_ms"][slots]
        return CapacityPrediction(
            ready=ready,
            p_within_1h=within[:, 0],
            p_within_24h=within[:, 1],
            p_within_7d=within[:, 2],
            eta_p10_h=eta[:, 0],
            eta_p50_h=eta[:, 1],
            eta_p90_h=eta[:, 2],
            drift_per_h=np.where(ready, drift, np.nan),
            spread_per_sqrt_h=np.where(ready, spread, np.nan),
            level=level,
            gap=gap,
            levels_seen=np.count_nonzero(~np.isnan(recent), axis=-1),
            supported_h=age_ms / _HOUR_MS,
        )


def _passage(gap: Floats, drift: Floats, spread: Floats, ready: Flags) -> tuple[Floats, Floats]:
    """Probabilities (n, 3) and times (n, 3)."""
    # Reached: P = 1, ETA 0. Not ready: NaN.
    within = np.where(ready, 1.0, np.nan)[:, None].repeat(len(_WITHIN_H), axis=1)
    eta = np.where(ready, 0.0, np.nan)[:, None].repeat(len(_QUANTILES), axis=1)
    ahead = np.flatnonzero(ready & (gap > 0.0))
    for start in range(0, len(ahead), _CHUNK):
        rows = ahead[start : start + _CHUNK]
        a, mu, sigma = gap[rows], drift[rows], spread[rows]
        within[rows] = crossing_probability(a[:, None], mu[:, None], sigma[:, None], _WITHIN_H)
        eta[rows] = crossing_times(a, mu, sigma, _QUANTILES)
    return within, eta
