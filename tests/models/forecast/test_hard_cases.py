"""What telemetry is really like: young, constant, sparse, spiky, shifting, torn, and of any size."""

import numpy as np
import pytest

from models.arrays import Floats
from models.forecast.bank import ForecastBank
from tests.models.forecast.feeding import FIRST_STEP, HOUR_MS, LEVELS

DAY, MEDIAN, HORIZON = 24, 4, 24


def _fed(values: Floats) -> ForecastBank:
    """A bank that learned hourly values [t, series], each row at once; NaN is a missing sample."""
    bank = ForecastBank(HORIZON, LEVELS)
    slots = np.arange(values.shape[1])
    bank.reserve(len(slots))
    bank.start(slots, np.full(len(slots), HOUR_MS), np.full(len(slots), FIRST_STEP), values[0])
    for t, row in enumerate(values):
        here = np.flatnonzero(~np.isnan(row))
        if len(here):
            bank.update(here, np.full(len(here), FIRST_STEP + t), row[here])
    return bank


def _said(values: Floats) -> Floats:
    """Quantiles [series, horizon, levels] said at the end of values [t, series]."""
    slots = np.arange(values.shape[1])
    origin = np.full(len(slots), FIRST_STEP + len(values) - 1)
    return _fed(values).forecast(slots, origin, np.arange(1, HORIZON + 1))


def _error(values: Floats, start: int) -> float:
    """Mean absolute error of the medians said just before `start`, over a day."""
    truth = values[start : start + HORIZON].T
    return float(np.mean(np.abs(truth - _said(values[:start])[:, :, MEDIAN])))


def _daily(days: int, series: int, noise: float, seed: int) -> Floats:
    """A wave a day around 50, with noise: [t, series]."""
    rng = np.random.default_rng(seed)
    t = np.arange(days * DAY)[:, None]
    return np.asarray(50.0 + 8.0 * np.sin(2 * np.pi * t / DAY) + noise * rng.normal(size=(days * DAY, series)))


@pytest.mark.parametrize("samples", [2, 5, 12, 48])
def test_young_series_are_forecast_near_their_values_with_honest_bands(samples: int) -> None:
    rng = np.random.default_rng(samples)
    values = 100.0 + rng.normal(size=(samples + HORIZON, 400))
    said, truth = _said(values[:samples]), values[samples:].T
    assert np.mean(np.abs(said[:, :, MEDIAN] - 100.0)) < 1.5
    inside = (truth >= said[:, :, 0]) & (truth <= said[:, :, -1])
    assert 0.6 < inside.mean() < 0.97


def test_a_constant_that_changes_is_believed() -> None:
    values = np.full((200, 1), 7.0)
    assert (_said(values) == 7.0).all()
    changed = np.concatenate([values, np.full((2 * DAY, 1), 9.0)])
    np.testing.assert_allclose(_said(changed)[0, :, MEDIAN], 9.0, atol=0.05)


def test_counts_that_are_mostly_zero_are_expected_to_be_zero_and_never_less() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(3.0, (30 * DAY, 50)) * (rng.random((30 * DAY, 50)) < 0.1)
    said = _said(counts.astype(np.float64))
    assert said.min() >= 0.0
    assert np.mean(np.abs(said[:, :, MEDIAN])) < 0.15


def test_a_lone_spike_hardly_moves_the_forecast() -> None:
    values = _daily(30, 20, 0.5, 4)
    spiked = values.copy()
    spiked[-1] += 500.0
    moved = np.abs(_said(spiked)[:, :, MEDIAN] - _said(values)[:, :, MEDIAN])
    # One per cent of the spike.
    assert moved.mean() < 5.0


def test_spikes_of_every_night_are_forecast() -> None:
    values = 10.0 + np.random.default_rng(5).normal(0.0, 0.5, (30 * DAY, 20))
    values[3::DAY] += 60.0
    medians = _said(values)[:, :, MEDIAN]
    np.testing.assert_allclose(medians[:, 3], 70.0, atol=6.0)
    assert np.max(np.delete(medians, 3, axis=1)) < 15.0


def _shift_error_ratio(days_after: int, by: float, hours: int = 24 * DAY) -> float:
    """Error so long after a level shift that lasts some hours, in units of that before it."""
    values = _daily(40, 20, 1.0, 6)
    values[30 * DAY : 30 * DAY + hours] += by
    return _error(values, (30 + days_after) * DAY) / _error(values, 29 * DAY)


@pytest.mark.parametrize(("by", "most"), [(20.0, 1.5), (-40.0, 2.0), (100.0, 1.5), (1000.0, 1.5)])
def test_a_level_shift_is_recovered_from_within_a_season(by: float, most: float) -> None:
    # A forecast that had not moved would be off by more than twenty times as much as before.
    assert _shift_error_ratio(1, by) < most
    assert _shift_error_ratio(2, by) < 1.5


def test_a_level_that_comes_back_within_a_day_costs_little() -> None:
    assert _shift_error_ratio(2, 100.0, hours=6) < 1.2
    assert _shift_error_ratio(2, 100.0, hours=18) < 2.0


def test_percentages_stay_within_their_bounds() -> None:
    values = np.minimum(100.0, 97.0 + np.abs(np.random.default_rng(8).normal(0.0, 4.0, (10 * DAY, 20))))
    bank, slots = ForecastBank(DAY, LEVELS), np.arange(20)
    bank.start(slots, np.full(20, HOUR_MS), np.full(20, FIRST_STEP), values[0])
    for n, row in enumerate(values):
        bank.update(slots, np.full(20, FIRST_STEP + n), row)
    origin, ahead = np.full(20, FIRST_STEP + len(values) - 1), np.arange(1, DAY + 1)
    assert bank.forecast(slots, origin, ahead).max() > 100.0
    bank.bound(slots, np.full(20, 99.0), np.full(20, 100.0))
    bounded = bank.forecast(slots, origin, ahead)
    assert bounded.min() == 99.0
    assert bounded.max() == 100.0


def test_a_disk_that_fills_and_is_rotated_is_forecast_by_its_teeth() -> None:
    rng = np.random.default_rng(7)
    t = np.arange(40 * DAY)[:, None]
    values = 20.0 + 3.0 * (t % DAY) + rng.normal(0.0, 0.5, (len(t), 20))
    # Repeating the mean of a tooth would err by 18.
    assert _error(values, 39 * DAY) < 2.0


def test_a_day_without_samples_costs_little() -> None:
    values = _daily(32, 20, 1.0, 8)
    torn = values.copy()
    torn[29 * DAY : 30 * DAY] = np.nan
    assert _error(torn, 31 * DAY) < 1.5 * _error(values, 31 * DAY)


def test_four_outliers_in_a_row_are_a_level_shift_and_three_are_not() -> None:
    values = 10.0 + np.random.default_rng(9).normal(0.0, 0.5, (200, 20))
    three, four = (np.concatenate([values, np.full((n, 20), 60.0)]) for n in (3, 4))
    assert np.all(_fed(three).arrays["level_fast"][:20] < 25.0)
    assert np.all(_fed(four).arrays["level_fast"][:20] > 25.0)


@pytest.mark.parametrize("scale", [1e-12, 1e15])
def test_accuracy_does_not_depend_on_the_size_of_the_values(scale: float) -> None:
    values = _daily(20, 10, 1.0, 10)
    assert _error(values * scale, 19 * DAY) / scale == pytest.approx(_error(values, 19 * DAY), rel=1e-3)


def _errors_after_zero(noise: float) -> tuple[float, float]:
    """Errors of a series around 1e15 as it is and with a first value of 0, in units of its noise."""
    values = 1e15 * (1.0 + noise * (_daily(20, 10, 1.0, 11) - 50.0))
    from_zero = values.copy()
    from_zero[0] = 0.0
    return _error(values, 19 * DAY) / (1e15 * noise), _error(from_zero, 19 * DAY) / (1e15 * noise)


def test_a_first_value_of_zero_costs_little_where_the_noise_is_a_percent() -> None:
    without, with_zero = _errors_after_zero(0.01)
    assert with_zero < 1.5 * without


def test_a_first_value_of_zero_costs_little_where_the_noise_is_a_millionth() -> None:
    without, with_zero = _errors_after_zero(1e-6)
    assert with_zero < 1.1 * without
