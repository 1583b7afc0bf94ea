"""A series may begin constant: no bank then takes all that comes later for strange.

What scales are made of is clipped in scales; one of zero that clipped, too, would stay zero.
"""

from functools import cache

import numpy as np
import pytest

from models.anomaly.bank import AnomalyBank
from models.arrays import Floats
from models.forecast.bank import ForecastBank
from models.layout import Arrays
from models.signals.bank import SignalBank

SLOT = np.array([0])
FIRST_STEP = 470_000  # of hours
HOUR_MS = 3_600_000
CONSTANT, LATER = 100, 400
NOISE = np.random.default_rng(7).choice([-3.0, 3.0], LATER) + np.random.default_rng(8).normal(0.0, 1.0, LATER)

SCALES = {
    "forecast": ("scale", "short_spread", "long_spread"),
    "anomaly": ("deviation", "spread_long", "season_scale"),
    "signals": ("scale",),
}


@cache
def learned(constant: int) -> dict[str, Arrays]:
    """The states of the banks that learned a series of zeros and noise."""
    forecasts, anomalies, signals = ForecastBank(24, np.array([0.5])), AnomalyBank(), SignalBank(1)
    width = np.array([HOUR_MS])
    forecasts.start(SLOT, width, np.array([FIRST_STEP]), np.zeros(1))
    for n, value in enumerate([*np.zeros(constant), *NOISE]):
        sample = np.array([value])
        departures = forecasts.update(SLOT, np.array([FIRST_STEP + n]), sample).departures
        anomalies.update(SLOT, width, sample, departures)
        signals.update(SLOT, np.array([n]), sample)
    return {"forecast": forecasts.arrays, "anomaly": anomalies.arrays, "signals": signals.arrays}


@pytest.mark.parametrize(("bank", "name"), [(bank, name) for bank, names in SCALES.items() for name in names])
def test_the_scale_of_what_began_constant_is_learned_later(bank: str, name: str) -> None:
    usual, late = (_scale(learned(constant)[bank], name) for constant in (0, CONSTANT))
    # Long memories still hold the zeros.
    assert late > 0.2 * usual > 0.0


def _scale(state: Arrays, name: str) -> float:
    of_slot: Floats = state[name][0]
    return float(np.max(of_slot))
