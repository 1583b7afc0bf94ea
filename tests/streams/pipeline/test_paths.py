"""What forecasts say of thresholds, by the steps of their series."""

from math import isnan

import numpy as np
import pytest

from models.forecast.bank import ForecastBank
from streams.pipeline.paths import Passing, Paths
from streams.settings.forecast import DECILES

MINUTE_MS = 60_000
WITHIN_MS = (15 * MINUTE_MS, 60 * MINUTE_MS, 6 * 60 * MINUTE_MS)
SLOTS = np.array([0, 1, 2])
STEP_MS = np.array([MINUTE_MS, 5 * MINUTE_MS, 60 * MINUTE_MS])


def _bank() -> ForecastBank:
    """Three series that go up by one a step from 0, to 99."""
    bank = ForecastBank(48, np.array(DECILES))
    bank.start(SLOTS, STEP_MS, np.zeros(3, np.int64), np.zeros(3))
    for step in range(100):
        bank.update(SLOTS, np.full(3, step), np.full(3, float(step)))
    return bank


def _passing(threshold: float, run_ms: int = 0) -> Passing:
    return Passing(np.full(3, threshold), 1, 15 * MINUTE_MS, np.full(3, run_ms))


def test_a_forecast_reaches_as_far_as_its_steps() -> None:
    said = Paths(_bank(), {"step_ms": STEP_MS}).within(SLOTS, _passing(500.0), WITHIN_MS)
    # 48 steps are 48 minutes, four hours, two days; a quarter of an hour has no step of an hour.
    assert [[not isnan(p) for p in row] for row in said.tolist()] == [
        [True, False, False],
        [True, True, False],
        [False, True, True],
    ]


def test_time_in_a_row_is_counted_in_steps() -> None:
    paths = Paths(_bank(), {"step_ms": STEP_MS})

    def said(for_ms: int, run_ms: int) -> list[float]:
        passing = Passing(np.full(3, 98.5), 1, for_ms, np.full(3, run_ms))
        minutes, five_minutes, _ = paths.within(SLOTS, passing, WITHIN_MS)
        return [float(minutes[0]), float(five_minutes[1])]

    # All go on above it. A quarter of an hour has 15 steps of a minute, an hour twelve of five.
    assert min(said(15 * MINUTE_MS, 0)) > 0.8
    assert said(16 * MINUTE_MS, 0) == [0.0, pytest.approx(1.0, abs=0.2)]
    assert said(16 * MINUTE_MS, MINUTE_MS)[0] > 0.8
    assert said(61 * MINUTE_MS, 0) == [0.0, 0.0]
    assert said(61 * MINUTE_MS, 5 * MINUTE_MS)[1] > 0.8


def test_forecasts_at_hand_are_not_made_again() -> None:
    bank = _bank()
    paths = Paths(bank, {"step_ms": STEP_MS})
    made = paths.within(SLOTS, _passing(120.0), WITHIN_MS)
    some = np.array([2, 0])
    quantiles = bank.forecast(some, bank.arrays["last_step"][some], bank.horizons.anchors)
    paths.hold(some, quantiles)
    assert paths.within(SLOTS, _passing(120.0), WITHIN_MS).tobytes() == made.tobytes()
    paths.hold(some, quantiles + 1000.0)
    held = paths.within(SLOTS, _passing(120.0), WITHIN_MS)
    assert held[0, 0] == held[2, 1] == 1.0
    assert held[1].tobytes() == made[1].tobytes()
    paths.hold(some[:0], quantiles[:0])
    assert paths.within(SLOTS, _passing(120.0), WITHIN_MS).tobytes() == made.tobytes()


def test_a_series_among_many_is_told_what_it_is_told_alone() -> None:
    bank, slots = ForecastBank(48, np.array(DECILES)), np.arange(600)
    bank.reserve(600)
    step_ms = np.where(slots % 3 == 0, MINUTE_MS, 5 * MINUTE_MS)
    bank.start(slots, step_ms, np.zeros_like(slots), np.zeros(600))
    for step in range(20):
        bank.update(slots, np.full(600, step), np.random.default_rng(step).normal(size=600))
    paths = Paths(bank, {"step_ms": step_ms})
    passing = Passing(np.linspace(-1.0, 2.0, 600), 1, 5 * MINUTE_MS, slots % 2 * MINUTE_MS)
    together = paths.within(slots, passing, WITHIN_MS)
    for slot in (0, 7, 299, 599):
        one = Passing(passing.threshold[slot : slot + 1], 1, 5 * MINUTE_MS, passing.run_ms[slot : slot + 1])
        assert paths.within(slots[slot : slot + 1], one, WITHIN_MS)[0].tobytes() == together[slot].tobytes()


@pytest.mark.parametrize("direction", [1, -1])
def test_past_is_on_the_side_of_the_direction(direction: int) -> None:
    passing = Passing(np.full(3, 60.0), direction, MINUTE_MS, np.zeros(3, np.int64))
    said = Paths(_bank(), {"step_ms": STEP_MS}).within(SLOTS, passing, WITHIN_MS)
    assert (said[1, 1] > 0.9) == (direction > 0)
