"""Time to a limit, with the arithmetic shown."""

from collections.abc import Callable

import numpy as np
import pytest

from models.capacity.bank import CapacityBank, CapacityPrediction

HOUR_MS = 3_600_000
START_MS = 1_700_000_000_000 // HOUR_MS * HOUR_MS


def _predicted(
    value: Callable[[float], float], step_h: float, samples: int, limit: float, direction: int = 1
) -> CapacityPrediction:
    """One slot, fed value(hours) every `step_h`; the last sample is at (samples - 1) x step_h."""
    bank, slot = CapacityBank(1), np.zeros(1, np.int64)
    for n in range(samples):
        time_ms = np.array([START_MS + round(n * step_h * HOUR_MS)], np.int64)
        bank.update(slot, time_ms, np.array([float(value(n * step_h))]))
    return bank.predict(slot, np.array([limit]), np.array([direction]))


def _etas(prediction: CapacityPrediction) -> list[float]:
    return [float(q[0]) for q in (prediction.eta_p10_h, prediction.eta_p50_h, prediction.eta_p90_h)]


@pytest.mark.parametrize("step_h", [0.5, 1.0, 2.0, 24.0])
def test_a_disk_that_fills_by_the_hour_is_full_when_the_gap_is_gone(step_h: float) -> None:
    # 11 samples, 1 GB/h: at the last one 10 x step_h GB are used; the limit is 30 GB further: 30 GB / 1 GB/h = 30 h.
    prediction = _predicted(lambda hours: hours, step_h, 11, 10.0 * step_h + 30.0)
    assert _etas(prediction) == pytest.approx([30.0, 30.0, 30.0], rel=1e-9)
    assert prediction.drift_per_h[0] == pytest.approx(1.0)
    assert prediction.gap[0] == 30.0
    # 24 h < 30 h < 168 h
    assert (prediction.p_within_1h[0], prediction.p_within_24h[0], prediction.p_within_7d[0]) == (0.0, 0.0, 1.0)
    assert prediction.supported_h[0] == 10.0 * step_h


def test_minutes_are_taken_as_their_half_hour_median() -> None:
    # 1 GB/h by the minute until 9:59. The medians of [9:30, 9:59] and of the half hours before it stand 1 GB an hour
    # apart; the last lies midway between the values of 9:44 and 9:45, (9 + 44.5/60) GB = 9.7417 GB.
    prediction = _predicted(lambda hours: hours, 1.0 / 60.0, 600, 30.0)
    assert prediction.level[0] == pytest.approx(9.0 + 44.5 / 60.0)
    assert _etas(prediction) == pytest.approx([30.0 - 9.0 - 44.5 / 60.0] * 3, rel=1e-6)


def test_a_falling_series_reaches_a_limit_below_it() -> None:
    # 100 - 2h after 12 h is 76; free space of 10 is left when 66 more are gone: 66 / 2 = 33 h.
    prediction = _predicted(lambda hours: 100.0 - 2.0 * hours, 1.0, 13, 10.0, direction=-1)
    assert _etas(prediction) == pytest.approx([33.0] * 3, rel=1e-9)
    assert prediction.drift_per_h[0] == -2.0


def test_a_fill_that_lasts_longer_than_the_horizon_is_censored() -> None:
    # 250 h > 240 h: not within the horizon, never a number.
    assert _etas(_predicted(lambda hours: hours, 1.0, 11, 260.0)) == [np.inf] * 3


@pytest.mark.parametrize("level", [0.0, 5.1])
def test_a_constant_never_arrives(level: float) -> None:
    prediction = _predicted(lambda hours: level, 1.0, 30, 90.0)
    assert _etas(prediction) == [np.inf] * 3
    assert prediction.p_within_7d[0] == 0.0


@pytest.mark.parametrize("limit", [20.0, 15.0])
def test_at_or_over_the_limit_it_is_certain_and_now(limit: float) -> None:
    prediction = _predicted(lambda hours: hours, 1.0, 21, limit)
    assert _etas(prediction) == [0.0] * 3
    assert (prediction.p_within_1h[0], prediction.p_within_24h[0], prediction.p_within_7d[0]) == (1.0, 1.0, 1.0)


def test_two_increments_are_needed_and_their_want_is_said() -> None:
    # Hourly levels 0, 1 make one increment; 0, 1, 2 make two.
    early, ready = (_predicted(lambda hours: hours, 1.0, samples, 9.0) for samples in (2, 3))
    assert (early.ready[0], ready.ready[0]) == (False, True)
    assert np.isnan([early.p_within_24h[0], early.drift_per_h[0], *_etas(early)]).all()
    assert (early.level[0], early.gap[0], early.levels_seen[0]) == (1.0, 8.0, 2)
    assert ready.eta_p50_h[0] == pytest.approx(7.0)


def test_a_slot_without_samples_is_not_ready() -> None:
    prediction = CapacityBank(1).predict(np.zeros(1, np.int64), np.array([1.0]), np.array([1]))
    assert not prediction.ready[0]
    assert np.isnan(prediction.level[0])
    assert prediction.levels_seen[0] == 0


def test_a_jump_does_not_bend_the_drift() -> None:
    # 0.5 a bin with one jump of 100: of the hourly increments two are 101, all others 1; the median is 1.
    prediction = _predicted(lambda hours: hours + 100.0 * (hours >= 12.0), 0.5, 49, 160.0)
    assert prediction.drift_per_h[0] == 1.0
    # 24 + 100 = 124 at the end: 36 left.
    assert prediction.eta_p50_h[0] == pytest.approx(36.0)


def test_a_long_gap_is_bridged_at_its_own_slope() -> None:
    # Hourly to 10 h, silence, hourly from 60 h on; 1 GB/h all the while. At 65 h, 100 - 65 = 35 h are left.
    bank, slot = CapacityBank(1), np.zeros(1, np.int64)
    for hour in (*range(11), *range(60, 66)):
        bank.update(slot, np.array([START_MS + hour * HOUR_MS]), np.array([float(hour)]))
    prediction = bank.predict(slot, np.array([100.0]), np.array([1]))
    assert _etas(prediction) == pytest.approx([35.0] * 3, rel=1e-9)


def test_noise_widens_the_quantiles_around_the_steady_time() -> None:
    rng = np.random.default_rng(3)
    walk = np.cumsum(rng.normal(0.5, 1.0, 49))
    prediction = _predicted(lambda hours: float(walk[round(2 * hours)]), 0.5, 49, float(walk[-1]) + 40.0)
    p10, p50, p90 = _etas(prediction)
    assert 0.0 < p10 < 40.0 / prediction.drift_per_h[0] < p90
    assert p10 < p50 < p90
    assert 0.0 <= prediction.p_within_1h[0] < prediction.p_within_24h[0] < prediction.p_within_7d[0] <= 1.0


def test_a_reset_slot_forgets_everything() -> None:
    bank, slot = CapacityBank(2), np.zeros(1, np.int64)
    for hour in range(5):
        bank.update(slot, np.array([START_MS + hour * HOUR_MS]), np.array([1.0]))
    bank.reset(slot)
    fresh = CapacityBank(2)
    assert all(bank.arrays[name].tobytes() == array.tobytes() for name, array in fresh.arrays.items())
