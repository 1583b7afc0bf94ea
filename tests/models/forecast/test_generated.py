"""Worth on generated fleets: better than repeating last week, and bands that hold what they say."""

from typing import NamedTuple

import numpy as np
import pytest

from models.arrays import Floats
from models.forecast.bank import ForecastBank
from tests.models.forecast.feeding import FIRST_STEP, HOUR_MS, LEVELS

SERIES, DAY, WEEK, WEEKS, HORIZON, ORIGINS = 60, 24, 168, 8, 48, 12


class Backtest(NamedTuple):
    """Means over series, origins and horizons."""

    relative_crps: float
    coverage: float


def _fleet() -> Floats:
    """Hourly values [t, series]: a wave per day, quieter weekends, a slow walk and noise, of different strengths."""
    rng = np.random.default_rng(11)
    t = np.arange(WEEKS * WEEK)[:, None]
    daily = rng.uniform(2, 10, SERIES) * np.sin(2 * np.pi * (t + rng.integers(0, DAY, SERIES)) / DAY)
    weekend = rng.uniform(2, 10, SERIES) * ((t // DAY) % 7 >= 5)
    walk = np.cumsum(rng.normal(0, 0.1, (len(t), SERIES)), axis=0)
    return np.asarray(60 + daily - weekend + walk + rng.uniform(0.5, 3, SERIES) * rng.normal(size=(len(t), SERIES)))


def _pinball(error: Floats, levels: Floats) -> float:
    return float(np.mean(2 * np.maximum(levels * error, (levels - 1) * error)))


@pytest.fixture(scope="module")
def backtest() -> Backtest:
    values, slots, ahead = _fleet(), np.arange(SERIES), np.arange(1, HORIZON + 1)
    bank = ForecastBank(HORIZON, LEVELS)
    bank.start(slots, np.full(SERIES, HOUR_MS), np.full(SERIES, FIRST_STEP), values[0])
    ours, naive, inside = [], [], []
    first = len(values) - HORIZON * ORIGINS
    for t, row in enumerate(values):
        if t >= first and (t - first) % HORIZON == 0:
            truth = values[t : t + HORIZON].T
            said = bank.forecast(slots, np.full(SERIES, FIRST_STEP + t - 1), ahead)
            ours.append(_pinball(truth[:, :, None] - said, LEVELS))
            naive.append(_pinball(truth - values[t - WEEK : t - WEEK + HORIZON].T, np.array(0.5)))
            inside.append(np.mean((truth >= said[:, :, 0]) & (truth <= said[:, :, -1])))
        bank.update(slots, np.full(SERIES, FIRST_STEP + t), row)
    return Backtest(float(np.mean(ours) / np.mean(naive)), float(np.mean(inside)))


def test_better_than_repeating_the_last_week(backtest: Backtest) -> None:
    assert backtest.relative_crps < 0.8


def test_four_fifths_of_the_truth_lie_between_the_outer_quantiles(backtest: Backtest) -> None:
    assert 0.6 < backtest.coverage < 0.95
