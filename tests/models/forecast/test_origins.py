"""Forecasts set aside are scored at their targets, once each."""

import numpy as np
import pytest

from models.calendar.clocks import Clocks
from models.forecast import series
from models.forecast.bank import ForecastBank
from models.forecast.experts.registry import FAMILIES
from models.forecast.weights import DISCOUNT
from tests.models.forecast.feeding import FIRST_STEP, HOUR_MS, LEVELS, one_series

MINUTE_MS, DAY_MS = 60_000, 24 * HOUR_MS


def test_an_origin_is_scored_when_its_anchor_arrives() -> None:
    values = 10.0 + np.random.default_rng(0).normal(size=60)
    # A horizon of one hour has an origin every hour; its only anchor is the next sample.
    before, _ = one_series(values[:-1], horizon=1)
    after, _ = one_series(values, horizon=1)
    target = series.target(before.arrays, np.array([0]), np.array([[1]]), Clocks.utc())
    said = [float(point[0, 0]) for family in FAMILIES for point in family.points(before.arrays, target)]
    expected = DISCOUNT * before.arrays["loss_sum"][0, 0].astype(float) + np.abs(values[-1] - np.array(said))
    np.testing.assert_allclose(after.arrays["loss_sum"][0, 0], expected, rtol=1e-5)
    assert after.arrays["error_count"][0].tolist() == (before.arrays["error_count"][0] + 1).tolist()


@pytest.mark.parametrize(("step_ms", "every"), [(HOUR_MS, 25), (MINUTE_MS, 49)])
def test_origins_are_apart_by_no_divisor_of_a_day(step_ms: int, every: int) -> None:
    """Fine series have one origin per horizon, coarse ones two; over time at every step of a day."""
    bank, slot, opened = ForecastBank(48, LEVELS), np.array([0]), []
    bank.start(slot, np.array([step_ms]), np.array([FIRST_STEP]), np.array([1.0]))
    for n in range(12 * every):
        bank.update(slot, np.array([FIRST_STEP + n]), np.array([float(n % 7)]))
        opened.append(int(bank.arrays["origin_step"][0].max()))
    later = sorted(set(opened))[2:]
    assert np.diff(later).tolist() == [every] * (len(later) - 1)
    day = DAY_MS // step_ms
    assert len({step % day for step in range(0, day * every, every)}) == day


def test_every_anchor_of_an_origin_is_scored_once() -> None:
    horizon, samples = 8, 100
    bank, _ = one_series(np.random.default_rng(0).normal(size=samples), horizon=horizon)
    every = horizon // 2 + 1
    # The first sample opens none; then one at the second, and at the first of each later interval.
    opened = [FIRST_STEP + 1, *range(-(-(FIRST_STEP + 2) // every) * every, FIRST_STEP + samples, every)]
    if opened[0] // every == opened[1] // every:
        del opened[1]
    last = FIRST_STEP + samples - 1
    # The third origin takes the place of the first, whose last anchors have come by then.
    expected = [sum(step + anchor <= last for step in opened) for anchor in bank.horizons.anchors.tolist()]
    assert bank.arrays["error_count"][0].tolist() == expected


def test_missing_targets_are_not_scored() -> None:
    values = np.random.default_rng(0).normal(size=200)
    values[1::2] = np.nan  # every other hour
    bank, _ = one_series(values, horizon=6)
    scored = dict(zip(bank.horizons.anchors.tolist(), bank.arrays["error_count"][0].tolist(), strict=True))
    assert scored[1] == 0
    assert scored[2] > 20


def test_seasonal_naive_is_given_bands_of_its_own() -> None:
    bank, _ = one_series(np.random.default_rng(0).normal(size=300), horizon=8)
    place = [name for family in FAMILIES for name in family.NAMES].index("short_naive")
    # What its point would lose, having no bands, is its absolute error.
    point_loss = bank.arrays["loss_sum"][0, :, place] / bank.arrays["loss_count"][0]
    share = bank.quality(np.array([0])).naive_loss[0] / point_loss
    assert ((share > 0.6) & (share < 0.85)).all()
