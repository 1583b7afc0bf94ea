"""Forecasts set aside are scored at their targets, once each."""

import numpy as np

from models.forecast.experts import points
from models.forecast.origins import SEASONAL_NAIVE
from models.forecast.weights import DISCOUNT
from tests.models.forecast.feeding import FIRST_STEP, HOUR_MS, one_series


def test_an_origin_is_scored_when_its_anchor_arrives() -> None:
    values = 10.0 + np.random.default_rng(0).normal(size=60)
    # A horizon of 4 hours has an origin every hour; its first anchor is the next sample.
    before, _ = one_series(values[:-1], horizon=4)
    after, _ = one_series(values, horizon=4)
    said = [float(p[0, 0]) for p in points(before.state, np.array([0]), np.array([[1]]))]
    expected = DISCOUNT * before.state["loss_sum"][0, 0].astype(float) + np.abs(values[-1] - np.array(said))
    np.testing.assert_allclose(after.state["loss_sum"][0, 0], expected, rtol=1e-6)
    assert after.state["error_count"][0].tolist() == (before.state["error_count"][0] + 1).tolist()


def test_anchors_are_scored_until_the_fifth_origin_takes_the_place_of_the_first() -> None:
    horizon, samples = 8, 100
    bank, _ = one_series(np.random.default_rng(0).normal(size=samples), horizon=horizon)
    every = horizon // 4
    # The first sample opens none; then one at the second, and at the first of each later interval.
    opened = [FIRST_STEP + 1, *range(-(-(FIRST_STEP + 2) // every) * every, FIRST_STEP + samples, every)]
    if opened[0] // every == opened[1] // every:
        del opened[1]
    last = FIRST_STEP + samples - 1

    def scored(step: int, anchor: int) -> bool:
        return step + anchor <= min(last, (step // every + 4) * every)

    expected = [sum(scored(step, anchor) for step in opened) for anchor in bank.horizons.anchors.tolist()]
    assert bank.state["error_count"][0].tolist() == expected


def test_fine_series_open_one_origin_per_horizon() -> None:
    bank, _ = one_series(np.random.default_rng(0).normal(size=480), horizon=48, step_ms=60_000)
    assert bank.state["error_count"][0, 0] in (10, 11)


def test_missing_targets_are_not_scored() -> None:
    values = np.random.default_rng(0).normal(size=100)
    values[1::2] = np.nan  # every other hour
    bank, _ = one_series(values, horizon=8, step_ms=HOUR_MS)
    scored = dict(zip(bank.horizons.anchors.tolist(), bank.state["error_count"][0].tolist(), strict=True))
    assert scored[1] == 0
    assert scored[2] > 20


def test_seasonal_naive_is_given_bands_of_its_own() -> None:
    bank, _ = one_series(np.random.default_rng(0).normal(size=300), horizon=8)
    # What its point would lose, having no bands, is its absolute error.
    point_loss = bank.state["loss_sum"][0, :, SEASONAL_NAIVE] / bank.state["loss_count"][0]
    share = bank.quality(np.array([0])).naive_loss[0] / point_loss
    assert ((share > 0.6) & (share < 0.85)).all()
