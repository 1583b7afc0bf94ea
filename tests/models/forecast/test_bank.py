"""What a forecast is worth: known series, and what must be said of them."""

import numpy as np
import pytest

from models.forecast.bank import ForecastBank
from models.forecast.robust import BELIEVED_AFTER, LIMIT_SCALES
from tests.models.forecast.feeding import FIRST_STEP, LEVELS, forecast_from, one_series

MEDIAN = 4


@pytest.mark.parametrize("constant", [0.0, 0.1, -7.3, 1e-12, 1e15, 1e18])
@pytest.mark.parametrize("samples", [1, 2, 30, 500])
def test_a_constant_is_forecast_exactly_with_no_width(constant: float, samples: int) -> None:
    bank, departed = one_series(np.full(samples, constant))
    assert (forecast_from(bank, samples) == constant).all()
    assert not departed.any()


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e15])
def test_a_perfect_cycle_is_forecast_perfectly(scale: float) -> None:
    t = np.arange(60 * 24)
    cycle = scale * (10.0 + 3.0 * np.sin(2 * np.pi * t / 24) + 2.0 * np.cos(4 * np.pi * t / 24))
    quantiles = forecast_from(one_series(cycle[:-24])[0], len(t) - 24) / scale
    np.testing.assert_allclose(quantiles[:, MEDIAN], cycle[-24:] / scale, atol=0.02)
    assert np.max(quantiles[:, -1] - quantiles[:, 0]) < 0.1


def test_a_ramp_is_followed() -> None:
    bank, _ = one_series(np.arange(5.0, 605.0, 2.0))
    medians = forecast_from(bank, 300)[:, MEDIAN]
    # The damped trend adds 2 (0.9 + 0.9^2 + ...) = 18 at most; over the first steps that is the ramp itself.
    np.testing.assert_allclose(medians[:3], 5.0 + 2.0 * (300 + np.arange(3)), atol=2.0)
    assert (np.diff(medians[:6]) > 0).all()


def test_a_level_shift_is_believed_after_four_samples() -> None:
    rng = np.random.default_rng(1)
    values = np.concatenate([10.0 + rng.normal(size=200), 60.0 + rng.normal(size=BELIEVED_AFTER + 8)])
    before, _ = one_series(values[: 200 + BELIEVED_AFTER - 1])
    assert before.arrays["level_fast"][0] < 30.0
    after, _ = one_series(values)
    assert after.arrays["level_fast"][0] == pytest.approx(60.0, abs=4.0)


@pytest.mark.parametrize("spike", [1e3, -1e3, 1e18])
def test_a_spike_teaches_no_more_than_four_scales(spike: float) -> None:
    rng = np.random.default_rng(1)
    values = np.append(10.0 + rng.normal(size=200), spike)
    before, _ = one_series(values[:-1])
    after, _ = one_series(values)
    moved = abs(after.arrays["level_fast"][0] - before.arrays["level_fast"][0])
    assert moved == pytest.approx(0.3 * LIMIT_SCALES * before.arrays["scale"][0], rel=1e-9)
    assert after.arrays["scale"][0] < 1.2 * before.arrays["scale"][0]


def test_a_series_that_began_constant_learns_its_scale_again() -> None:
    rng = np.random.default_rng(4)
    bank, departed = one_series(np.concatenate([np.zeros(300), 10.0 + rng.normal(size=3000)]))
    assert departed[300] > 5.0
    assert bank.arrays["scale"][0] == pytest.approx(0.85, rel=0.3)


def test_what_never_was_negative_is_not_forecast_negative() -> None:
    values = np.maximum(np.random.default_rng(2).normal(0.2, 2.0, 400), 0.0)
    assert forecast_from(one_series(values)[0], 400).min() == 0.0
    assert forecast_from(one_series(values - 0.1)[0], 400).min() < 0.0


def test_missing_samples_are_no_samples() -> None:
    rng = np.random.default_rng(5)
    t = np.arange(40 * 24)
    values = 20.0 + 5.0 * np.sin(2 * np.pi * t / 24) + 0.2 * rng.normal(size=len(t))
    values[rng.random(len(t)) < 0.3] = np.nan
    values[[0, -1]] = 20.0
    values[500:548] = np.nan
    bank, departed = one_series(values)
    assert len(departed) == bank.arrays["count"][0] == np.count_nonzero(~np.isnan(values))
    expected = 20.0 + 5.0 * np.sin(2 * np.pi * (len(t) + np.arange(24)) / 24)
    np.testing.assert_allclose(forecast_from(bank, len(t))[:, MEDIAN], expected, atol=1.5)


def test_an_origin_after_the_last_sample_keeps_the_phase() -> None:
    t = np.arange(40 * 24)
    values = 20.0 + 5.0 * np.sin(2 * np.pi * t / 24)
    bank, _ = one_series(values)
    late = bank.forecast(np.array([0]), np.array([FIRST_STEP + len(t) - 1 + 7]), np.arange(1, 25))[0, :, MEDIAN]
    np.testing.assert_allclose(late, 20.0 + 5.0 * np.sin(2 * np.pi * (len(t) + 7 + np.arange(24)) / 24), atol=0.2)


def test_horizons_beyond_the_longest_are_forecast_too() -> None:
    quantiles = forecast_from(one_series(np.arange(100.0) % 7)[0], 100, [24, 25, 5000])
    assert np.isfinite(quantiles).all()


@pytest.mark.parametrize("scale", [1e-12, 1e15])
def test_very_small_and_very_large_values_have_widths_of_their_own_size(scale: float) -> None:
    values = scale * (50.0 + np.random.default_rng(6).normal(size=400))
    quantiles = forecast_from(one_series(values)[0], 400) / scale
    np.testing.assert_allclose(quantiles[:, MEDIAN], 50.0, atol=1.5)
    width = quantiles[:, -1] - quantiles[:, 0]
    # 2.56 deviations of a normal distribution lie between its 0.1 and 0.9 quantiles.
    assert np.median(width) == pytest.approx(2.56, rel=0.4)


def test_before_any_error_is_known_the_width_grows_with_the_root_of_the_horizon() -> None:
    bank, _ = one_series([0.0, -1.0, 2.0, 0.5])
    for name in ("error_count", "theta_lower", "theta_upper"):
        bank.arrays[name][0] = 0
    quantiles = forecast_from(bank, 4, bank.horizons.anchors)
    width = quantiles[:, -1] - quantiles[:, 0]
    np.testing.assert_allclose(width / width[0], np.sqrt(bank.horizons.anchors), rtol=1e-9)


def test_horizons_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="horizon 0 is not between 1 and 2016 steps"):
        ForecastBank(0, LEVELS)


def test_a_horizon_of_one_step_works() -> None:
    bank, _ = one_series(10.0 + np.random.default_rng(0).normal(size=100), horizon=1)
    assert forecast_from(bank, 100).shape == (1, 9)
    assert bank.arrays["error_count"][0, 0] > 90
