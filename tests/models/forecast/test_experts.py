"""The experts' states against recursions written out for one series, from its first sample on."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from models.forecast import experts
from models.forecast.bank import ForecastBank
from tests.models.forecast.feeding import FIRST_STEP, HOUR_MS, one_series

Floats = npt.NDArray[np.float64]

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
    assert bank.state["outliers"][0] == 0
    return bank


def _samples(values: Floats) -> list[tuple[int, float]]:
    return [(n, float(value)) for n, value in enumerate(values) if not math.isnan(value)]


@pytest.mark.parametrize(("name", "alpha"), [("level_fast", 0.3), ("level_slow", 0.05)])
def test_levels_begin_as_means_and_go_on_as_exponential_smoothing(
    bank: ForecastBank, values: Floats, name: str, alpha: float
) -> None:
    level = 0.0
    for count, (_, value) in enumerate(_samples(values), start=1):
        level += max(alpha, 1.0 / count) * (value - level)
    assert bank.state[name][0] == pytest.approx(level, rel=1e-12)


def test_a_slow_level_of_fewer_samples_than_its_memory_is_their_mean() -> None:
    bank, _ = one_series([3.0, 5.0, 10.0, 6.0])
    assert bank.state["level_slow"][0] == pytest.approx(6.0, rel=1e-15)


def test_the_trend_runs_on_over_missing_samples(bank: ForecastBank, values: Floats) -> None:
    level, slope, last = float(values[0]), 0.0, -1
    for n, value in _samples(values):
        for _ in range(last + 1, n):
            slope *= 0.9
            level += slope
        drift = 0.9 * slope
        error = value - level - drift
        level, slope, last = level + drift + 0.5 * error, drift + 0.1 * error, n
    assert bank.state["trend_level"][0] == pytest.approx(level, rel=1e-12)
    assert bank.state["trend"][0] == pytest.approx(slope, rel=1e-9)


@pytest.mark.parametrize(
    ("cycle", "steps", "gain"), [("short", DAY_STEPS, experts.GAMMA_SHORT), ("long", WEEK_STEPS, experts.GAMMA_LONG)]
)
def test_profiles_and_their_levels(bank: ForecastBank, values: Floats, cycle: str, steps: int, gain: float) -> None:
    base = fast = float(values[0])
    profile, seen = [0.0] * steps, [0] * steps
    # Cycles are cut in time since the epoch, and hours are the bins of both.
    for count, (n, value) in enumerate(_samples(values), start=1):
        phase = (FIRST_STEP + n) % steps
        seen[phase] += 1
        error = value - base - profile[phase]
        base += max(1.0 / steps, 1.0 / count) * error
        profile[phase] = float(np.float32(profile[phase] + max(gain, 1.0 / seen[phase]) * error))
        fast += 0.2 * (value - profile[phase] - fast)
    assert bank.state[f"{cycle}_base"][0] == pytest.approx(base, rel=1e-9)
    assert bank.state[f"{cycle}_fast"][0] == pytest.approx(fast, rel=1e-9)
    np.testing.assert_allclose(bank.state[f"{cycle}_profile"][0, :steps], profile, rtol=1e-6, atol=1e-6)
    assert bank.state[f"{cycle}_seen"][0, :steps].tolist() == seen
    assert not bank.state[f"{cycle}_seen"][0, steps:].any()


def test_points_are_levels_trend_and_profiles_put_together(bank: ForecastBank) -> None:
    state, ahead = bank.state, np.array([[1, 7, 30]])
    step = int(state["last_step"][0]) + ahead[0]
    fast, trend, slow, short_fast, short_slow, long_fast = (p[0] for p in experts.points(state, np.array([0]), ahead))
    assert fast.tolist() == [state["level_fast"][0]] * 3
    assert slow.tolist() == [state["level_slow"][0]] * 3
    damped = [sum(0.9**i for i in range(1, h + 1)) * state["trend"][0] for h in ahead[0].tolist()]
    np.testing.assert_allclose(trend, state["trend_level"][0] + damped, rtol=1e-12)
    day = state["short_profile"][0, step % DAY_STEPS].astype(np.float64)
    week = state["long_profile"][0, step % WEEK_STEPS].astype(np.float64)
    np.testing.assert_allclose(short_fast, day + state["short_fast"][0], rtol=1e-15)
    np.testing.assert_allclose(short_slow, day + state["short_base"][0], rtol=1e-15)
    np.testing.assert_allclose(long_fast, week + state["long_fast"][0], rtol=1e-15)


def test_experts_without_a_season_yet_repeat_simpler_ones() -> None:
    bank, _ = one_series([3.0, 5.0, 4.0])
    fast, _, slow, short_fast, short_slow, long_fast = experts.points(bank.state, np.array([0]), np.array([[1, 2]]))
    assert short_fast.tolist() == long_fast.tolist() == fast.tolist()
    assert short_slow.tolist() == slow.tolist()


def test_the_long_profile_waits_for_a_cycle_and_half_a_short_one() -> None:
    rng = np.random.default_rng(0)
    values = 10.0 + rng.normal(size=WEEK_STEPS + DAY_STEPS // 2 + 2)

    def reads_the_week(samples: int) -> bool:
        bank, _ = one_series(values[:samples])
        *_, short_fast, _, long_fast = experts.points(bank.state, np.array([0]), np.array([[1]]))
        return bool(short_fast[0, 0] != long_fast[0, 0])

    assert not reads_the_week(WEEK_STEPS + DAY_STEPS // 2 + 1)
    assert reads_the_week(WEEK_STEPS + DAY_STEPS // 2 + 2)


def test_a_series_of_days_has_no_second_cycle() -> None:
    bank, _ = one_series(np.arange(30.0), step_ms=24 * HOUR_MS)
    assert bank.state["short_bins"][0] == 7
    assert bank.state["long_period_ms"][0] == 0
    assert not bank.state["long_profile"][0].any()
    assert not bank.state["long_seen"][0].any()
