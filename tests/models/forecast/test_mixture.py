"""The consensus of the experts, and its bands."""

import numpy as np
import pytest

from models.forecast.bank import ForecastBank
from models.forecast.mixture import combine
from models.forecast.params import DEFAULTS
from tests.models.forecast.feeding import LEVELS, forecast_from, one_series


def test_experts_that_agree_are_repeated_to_the_last_bit() -> None:
    weight = [np.array([w]) for w in (0.1, 0.2, 0.3, 0.15, 0.15, 0.1)]
    assert combine([np.array([0.1])] * 6, weight).tolist() == [0.1]
    mean = combine([np.array([float(e)]) for e in range(6)], weight)
    np.testing.assert_allclose(mean, sum(e * float(w[0]) for e, w in enumerate(weight)))


def test_bands_are_as_wide_as_their_misses_ask_for() -> None:
    bank, _ = one_series(10.0 + np.random.default_rng(0).normal(size=300))
    before = forecast_from(bank, 300)
    bank.arrays["theta_upper"][0] += np.log(2.0)
    after = forecast_from(bank, 300)
    np.testing.assert_allclose(after[:, :5], before[:, :5], rtol=1e-12)
    np.testing.assert_allclose(after[:, 5:] - after[:, 4:5], 2.0 * (before[:, 5:] - before[:, 4:5]), rtol=1e-6)


def test_a_fleets_experience_decides_what_a_young_series_believes() -> None:
    trusting = DEFAULTS._replace(loss_ratio={**dict.fromkeys(DEFAULTS.loss_ratio, 9.0), "last": 0.1})
    bank, slot = ForecastBank(4, LEVELS, params=trusting), np.array([0])
    bank.start(slot, np.array([60_000]), np.array([100]), np.array([1.0]))
    for n, value in enumerate([1.0, 9.0, 5.0]):
        bank.update(slot, np.array([100 + n]), np.array([value]))
    median = bank.forecast(slot, np.array([102]), np.array([4]))[0, 0, 4]
    assert median == pytest.approx(5.0, abs=0.5)
