"""Profiles and their levels against recursions written out for one series, from its first sample on."""

import math

import numpy as np
import pytest

from models.arrays import Floats
from models.forecast.bank import ForecastBank
from tests.models.forecast.experts.reading import said
from tests.models.forecast.feeding import FIRST_STEP, HOUR_MS, one_series

SAMPLES = 400
DAY_STEPS, WEEK_STEPS = 24, 168


@pytest.fixture(scope="module")
def values() -> Floats:
    """Hourly, with a day's wave and bounded noise: nothing that would count as an outlier; 5 % are missing."""
    rng = np.random.default_rng(3)
    t = np.arange(SAMPLES)
    values = 40.0 + 2.0 * np.sin(2 * np.pi * t / DAY_STEPS) + rng.uniform(-2, 2, SAMPLES)
    values[5:][rng.random(SAMPLES - 5) < 0.05] = np.nan
    return np.asarray(values)


@pytest.fixture(scope="module")
def bank(values: Floats) -> ForecastBank:
    bank, _ = one_series(values)
    assert bank.arrays["outliers"][0] == 0
    return bank


@pytest.mark.parametrize(("cycle", "steps", "gain"), [("short", DAY_STEPS, 0.15), ("long", WEEK_STEPS, 0.25)])
def test_profiles_and_their_levels(bank: ForecastBank, values: Floats, cycle: str, steps: int, gain: float) -> None:
    base = fast = float(values[0])
    profile: dict[int, float] = {}
    samples = [(n, value) for n, value in enumerate(values.tolist()) if not math.isnan(value)]
    # Cycles are cut in time since the epoch, and hours are the bins of both.
    for count, (n, value) in enumerate(samples, start=1):
        phase = (FIRST_STEP + n) % steps
        young = 1.0 / (n // steps + 1) if phase in profile else 1.0
        error = value - base - profile.get(phase, 0.0)
        base += max(1.0 / steps, 1.0 / count) * error
        gamma = max(gain, young) if phase in profile else 1.0
        profile[phase] = float(np.float32(profile.get(phase, 0.0) + gamma * error))
        fast += 0.2 * (value - profile[phase] - fast)
    assert bank.arrays[f"{cycle}_base"][0] == pytest.approx(base, rel=1e-9)
    assert bank.arrays[f"{cycle}_fast"][0] == pytest.approx(fast, rel=1e-9)
    kept = bank.arrays[f"{cycle}_profile"][0]
    np.testing.assert_allclose(kept[sorted(profile)], [profile[phase] for phase in sorted(profile)], rtol=1e-5)
    assert np.isnan(kept[steps:]).all()


def test_points_are_levels_and_profiles_put_together(bank: ForecastBank) -> None:
    state, ahead = bank.arrays, [1, 7, 30]
    step = int(state["last_step"][0]) + np.array(ahead)
    day = state["short_profile"][0, step % DAY_STEPS].astype(np.float64)
    week = state["long_profile"][0, step % WEEK_STEPS].astype(np.float64)
    np.testing.assert_allclose(said(bank, "short_fast", ahead), day + state["short_fast"][0], rtol=1e-15)
    np.testing.assert_allclose(said(bank, "short_slow", ahead), day + state["short_base"][0], rtol=1e-15)
    np.testing.assert_allclose(said(bank, "long_fast", ahead), week + state["long_fast"][0], rtol=1e-15)
    np.testing.assert_allclose(said(bank, "long_slow", ahead), week + state["long_base"][0], rtol=1e-15)


def test_without_a_season_yet_they_repeat_the_levels() -> None:
    bank, _ = one_series([3.0, 5.0, 4.0])
    for name, level in (("short_fast", "level_fast"), ("long_fast", "level_fast"), ("short_slow", "level_slow")):
        assert said(bank, name, [1, 2]).tolist() == said(bank, level, [1, 2]).tolist()


def test_the_long_profile_waits_for_a_cycle_and_half_a_short_one() -> None:
    values = 10.0 + np.random.default_rng(0).normal(size=WEEK_STEPS + DAY_STEPS // 2 + 2)

    def reads_the_week(samples: int) -> bool:
        bank, _ = one_series(values[:samples])
        return bool(said(bank, "short_fast", [1]) != said(bank, "long_fast", [1]))

    assert not reads_the_week(WEEK_STEPS + DAY_STEPS // 2 + 1)
    assert reads_the_week(WEEK_STEPS + DAY_STEPS // 2 + 2)


def test_a_series_of_days_has_no_second_cycle() -> None:
    bank, _ = one_series(np.arange(30.0), step_ms=24 * HOUR_MS)
    assert bank.arrays["short_bins"][0] == 7
    assert bank.arrays["long_period_ms"][0] == 0
    assert np.isnan(bank.arrays["long_profile"][0]).all()
