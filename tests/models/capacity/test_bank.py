"""Time to a limit, with the arithmetic shown."""

from collections.abc import Callable

import numpy as np
import pytest

from models.arrays import Floats
from models.capacity.bank import CapacityBank, CapacityPrediction
from models.capacity.looks import EXPERTS
from models.capacity.status import STATUSES
from tests.models.capacity.feeding import feed

HOUR_MS = 3_600_000
START_MS = 1_700_000_000_000 // HOUR_MS * HOUR_MS


def _predicted(
    value: Callable[[float], float], step_h: float, samples: int, limit: float, direction: int = 1
) -> CapacityPrediction:
    """One slot, fed value(hours) every `step_h`; the last sample is at (samples - 1) x step_h."""
    bank, slot, limits = CapacityBank(1), np.zeros(1, np.int64), np.array([limit])
    bank.reset(slot, np.array([direction]))
    for n in range(samples):
        time_ms = np.array([START_MS + round(n * step_h * HOUR_MS)], np.int64)
        feed(bank, slot, time_ms, np.array([float(value(n * step_h))]), limits)
    return bank.predict(slot, limits)


def _median(prediction: CapacityPrediction) -> float:
    return float(prediction.eta_h[0, 1])


def _within(prediction: CapacityPrediction) -> list[float]:
    return [float(p) for p in prediction.within[0]]


@pytest.mark.parametrize("step_h", [0.5, 1.0, 2.0, 4.0])
def test_a_disk_that_fills_by_the_hour_is_full_when_the_gap_is_gone(step_h: float) -> None:
    # 1 GB/h for 100 h; the limit is 30 GB further: 30 GB / 1 GB/h = 30 h.
    prediction = _predicted(lambda hours: hours, step_h, round(100 / step_h) + 1, 130.0)
    assert _median(prediction) == pytest.approx(30.0, rel=1e-9)
    assert prediction.drift_per_h[0] == pytest.approx(1.0)
    assert prediction.gap[0] == 30.0
    # 24 h < 30 h < 168 h
    p_1h, p_6h, p_24h, p_7d, p_30d = _within(prediction)
    assert p_1h <= p_6h <= p_24h < 0.1
    assert 0.7 < p_7d <= p_30d <= 1.0
    assert prediction.supported_h[0] == 100.0


def test_minutes_are_taken_as_their_half_hour_median() -> None:
    # 1 GB/h by the minute until 9:59. The medians of [9:30, 9:59] and of the half hours before it stand 1 GB an hour
    # apart; the last lies midway between the values of 9:44 and 9:45, (9 + 44.5/60) GB = 9.7417 GB.
    prediction = _predicted(lambda hours: hours, 1.0 / 60.0, 600, 40.0)
    assert prediction.level[0] == pytest.approx(9.0 + 44.5 / 60.0)
    assert _median(prediction) == pytest.approx(40.0 - 9.0 - 44.5 / 60.0, rel=1e-6)


def test_a_falling_series_reaches_a_limit_below_it() -> None:
    # 200 - 2h after 50 h is 100; free space of 10 is left when 90 more are gone: 90 / 2 = 45 h.
    prediction = _predicted(lambda hours: 200.0 - 2.0 * hours, 1.0, 51, 10.0, direction=-1)
    assert _median(prediction) == pytest.approx(45.0, rel=1e-9)
    assert (prediction.drift_per_h[0], prediction.level[0], prediction.gap[0]) == (-2.0, 100.0, 90.0)


def test_both_directions_are_the_same_arithmetic() -> None:
    walk = np.cumsum(np.random.default_rng(5).normal(0.5, 1.0, 200))
    up = _predicted(lambda hours: float(walk[round(2 * hours)]), 0.5, 200, 150.0)
    down = _predicted(lambda hours: float(-walk[round(2 * hours)]), 0.5, 200, -150.0, direction=-1)
    assert up.within.tobytes() == down.within.tobytes()
    assert up.eta_h.tobytes() == down.eta_h.tobytes()
    assert (up.level[0], up.gap[0], up.drift_per_h[0]) == (-down.level[0], down.gap[0], -down.drift_per_h[0])


def test_a_fill_that_lasts_longer_than_the_horizon_is_not_within_it() -> None:
    # 1,000 h > 720 h, at 1 GB/h over 100 h: nothing that was ever seen comes that far.
    prediction = _predicted(lambda hours: hours, 1.0, 101, 1100.0)
    assert prediction.eta_h[0].tolist() == [np.inf] * 3


@pytest.mark.parametrize("level", [0.0, 5.1])
def test_a_constant_never_arrives(level: float) -> None:
    prediction = _predicted(lambda hours: level, 1.0, 30, 90.0)
    assert prediction.eta_h[0].tolist() == [np.inf] * 3
    assert _within(prediction) == [0.0] * 5


@pytest.mark.parametrize("limit", [20.0, 15.0])
def test_at_or_over_the_limit_it_is_certain_and_now(limit: float) -> None:
    prediction = _predicted(lambda hours: hours, 1.0, 21, limit)
    assert prediction.eta_h[0].tolist() == [0.0] * 3
    assert _within(prediction) == [1.0] * 5
    assert STATUSES[prediction.status[0]] == "exhausted"


def test_two_increments_are_needed_and_their_want_is_said() -> None:
    # Hourly levels 0, 1 make one increment; 0, 1, 2 make two.
    early, ready = (_predicted(lambda hours: hours, 1.0, samples, 9.0) for samples in (2, 3))
    assert (early.ready[0], ready.ready[0]) == (False, True)
    assert np.isnan(early.drift_per_h[0])
    assert (early.level[0], early.gap[0], early.levels_seen[0]) == (1.0, 8.0, 2)
    assert _median(ready) == pytest.approx(7.0)


def test_a_slot_without_samples_is_not_ready() -> None:
    prediction = CapacityBank(1).predict(np.zeros(1, np.int64), np.array([1.0]))
    assert not prediction.ready[0]
    assert np.isnan(prediction.level[0])
    assert prediction.levels_seen[0] == 0


def test_a_jump_does_not_bend_the_drift() -> None:
    # 0.5 a bin with one jump of 100: of the hourly increments two are 101, all others 1; the median is 1.
    prediction = _predicted(lambda hours: hours + 100.0 * (hours >= 12.0), 0.5, 49, 160.0)
    assert prediction.drift_per_h[0] == 1.0


def test_a_long_gap_is_bridged_at_its_own_slope() -> None:
    # Hourly to 30 h, silence, hourly from 60 h on; 1 GB/h all the while. At 95 h, 130 - 95 = 35 h are left.
    bank, slot, limit = CapacityBank(1), np.zeros(1, np.int64), np.array([130.0])
    for hour in (*range(31), *range(60, 96)):
        feed(bank, slot, np.array([START_MS + hour * HOUR_MS]), np.array([float(hour)]), limit)
    assert _median(bank.predict(slot, limit)) == pytest.approx(35.0, rel=1e-9)


def test_noise_widens_the_quantiles_around_the_steady_time() -> None:
    walk = np.cumsum(np.random.default_rng(3).normal(0.5, 0.5, 200))
    prediction = _predicted(lambda hours: float(walk[round(2 * hours)]), 0.5, 200, float(walk[-1]) + 40.0)
    p10, p50, p90 = prediction.eta_h[0].tolist()
    assert 0.0 < p10 < p50 < p90
    assert _within(prediction) == sorted(_within(prediction))


def test_forecasts_that_keep_their_word_are_believed_and_others_are_not() -> None:
    # At the limit for an hour every five hours, and far below it between: levels alone don't tell when.
    def value(hour: float) -> float:
        return 100.0 if hour % 5.0 < 1.0 else 0.0

    def asked(said: Callable[[float], float]) -> tuple[float, str]:
        """What is predicted within the hour at the end of hour 154, before a crossing, and who leads."""
        bank, slot, limit = CapacityBank(1), np.zeros(1, np.int64), np.array([90.0])
        bank.reset(slot, np.array([1]))

        def paths(after_h: float) -> Floats:
            # A look is taken with the first sample after the levels it rests on.
            return np.array([[said(after_h), np.nan, np.nan, np.nan, np.nan]])

        for hour in np.arange(0.0, 155.0, 0.5):
            time_ms = np.array([START_MS + round(hour * HOUR_MS)])
            feed(bank, slot, time_ms, np.array([value(hour)]), limit, paths(hour))
        prediction = bank.predict(slot, limit, paths(155.0))
        return float(prediction.within[0, 0]), EXPERTS[prediction.leader[0, 0]]

    # Hour 155 is at the limit: whoever looks from its beginning sees it come.
    p_right, right = asked(lambda hour: float(value(hour) == 100.0))
    p_wrong, wrong = asked(lambda hour: float(value(hour) == 0.0))
    p_none, _ = asked(lambda hour: np.nan)
    assert right == "paths"
    assert wrong != "paths"
    assert p_right > 0.9 > p_none
    assert p_wrong == pytest.approx(p_none, abs=0.02)


def test_what_waits_is_settled_by_the_last_limit_that_was_known() -> None:
    bank, slot, limit = CapacityBank(1), np.zeros(1, np.int64), np.array([90.0])
    bank.reset(slot, np.array([1]))

    def feed_hours(hours: range, value: float, limit: Floats) -> None:
        for hour in hours:
            feed(bank, slot, np.array([START_MS + hour * HOUR_MS]), np.array([value + hour % 2]), limit)

    # A level is known with the sample after it: that the limit is reached from hour 40 on, when it is known no more.
    feed_hours(range(40), 50.0, limit)
    feed_hours(range(40, 41), 95.0, limit)
    settled = int(bank.arrays["looks_settled"][0, 1])
    feed_hours(range(41, 43), 95.0, np.array([np.nan]))
    # All looks of 6 h that waited are hits now, and nothing new is looked for.
    assert bank.arrays["hits"][0, 1] == pytest.approx(bank.arrays["looks_settled"][0, 1] - settled)
    assert bank.arrays["hits"][0, 1] > 4
    feed_hours(range(43, 60), 95.0, np.array([np.nan]))
    assert bank.arrays["hits"][0, 1] == bank.arrays["looks_settled"][0, 1] - settled


def test_without_a_forecast_nothing_is_different() -> None:
    bank, slot, limit = CapacityBank(2), np.arange(2), np.array([90.0, 90.0])
    bank.reset(slot, np.array([1, 1]))
    walk = np.cumsum(np.random.default_rng(2).normal(0.5, 1.0, 120))
    for hour, value in enumerate(walk.tolist()):
        both, alike = np.full(2, START_MS + hour * HOUR_MS), np.full(2, value)
        feed(bank, slot[:1], both[:1], alike[:1], limit[:1])
        feed(bank, slot[1:], both[1:], alike[1:], limit[1:], np.full((1, 5), np.nan))
    prediction = bank.predict(slot, limit)
    assert prediction.within[0].tolist() == prediction.within[1].tolist()


def test_a_reset_slot_forgets_everything() -> None:
    bank, slot = CapacityBank(2), np.zeros(1, np.int64)
    for hour in range(50):
        feed(bank, slot, np.array([START_MS + hour * HOUR_MS]), np.array([float(hour)]), np.array([20.0]))
    bank.reset(slot, np.array([1]))
    fresh = CapacityBank(2)
    assert all(bank.arrays[name].tobytes() == array.tobytes() for name, array in fresh.arrays.items())
