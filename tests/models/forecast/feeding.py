"""Samples into a forecast bank, and its answers and state out, bit for bit."""

from collections.abc import Sequence

import numpy as np

from models.arrays import Floats, Ints
from models.forecast.bank import ForecastBank

LEVELS = np.arange(1, 10) / 10
HOUR_MS = 3_600_000
FIRST_STEP = 470_000  # of hours: in 2023


def one_series(
    values: Sequence[float] | Floats, horizon: int = 24, step_ms: int = HOUR_MS
) -> tuple[ForecastBank, Floats]:
    """A bank that learned one series in slot 0, from FIRST_STEP on, and how far each sample was from the fast level.

    NaN is a missing sample.
    """
    bank = ForecastBank(horizon, LEVELS)
    slot, departed = np.array([0]), []
    bank.start(slot, np.array([step_ms]), np.array([FIRST_STEP]), np.array([values[0]], np.float64))
    for n, value in enumerate(values):
        if not np.isnan(value):
            learned = bank.update(slot, np.array([FIRST_STEP + n]), np.array([value], np.float64))
            departed.append(float(learned.departures.level[0]))
    return bank, np.array(departed)


def forecast_from(bank: ForecastBank, samples: int, horizons: Sequence[int] | Ints | None = None) -> Floats:
    """Slot 0's quantiles [horizons, levels] at the last of so many samples; all horizons if none are given."""
    ahead = np.arange(1, bank.horizons.steps + 1) if horizons is None else np.asarray(horizons, np.int64)
    return np.asarray(bank.forecast(np.array([0]), np.array([FIRST_STEP + samples - 1]), ahead)[0])


def slot_state(bank: ForecastBank, slot: int) -> dict[str, bytes]:
    """Everything the bank holds of a slot."""
    return {name: array[slot].tobytes() for name, array in bank.arrays.items()}
