"""Errors and calibration against plain formulas."""

from statistics import NormalDist

import numpy as np
import pytest

from load.backtest.tally import Tally, below_deciles, horizon_groups, quantile_loss

LEVELS = np.round(np.arange(0.1, 1.0, 0.1), 1)
NORMAL = np.array([NormalDist().inv_cdf(level) for level in LEVELS])


def test_quantile_loss_is_twice_the_mean_pinball_loss() -> None:
    rng = np.random.default_rng(1)
    quantiles, actual = np.sort(rng.normal(size=(3, 4, 9)), axis=2), rng.normal(size=(3, 4))
    plain = np.empty((3, 4))
    for place in np.ndindex(3, 4):
        errors = actual[place] - quantiles[place]
        plain[place] = np.mean([2 * max(q * e, (q - 1) * e) for q, e in zip(LEVELS, errors, strict=True)])
    assert quantile_loss(quantiles, actual) == pytest.approx(plain)


def test_a_sample_lies_below_the_deciles_above_it() -> None:
    deciles = np.arange(1.0, 10.0)
    assert below_deciles(deciles, np.array(0.0)).tolist() == [1.0] * 9
    assert below_deciles(deciles, np.array(9.5)).tolist() == [0.0] * 9
    assert below_deciles(deciles, np.array(3.5)).tolist() == [0.0] * 3 + [1.0] * 6


def test_a_sample_on_deciles_is_spread_over_their_levels() -> None:
    # One tie: half of it lies below. Three: a quarter, a half, three quarters. All nine: just the levels.
    assert below_deciles(np.arange(1.0, 10.0), np.array(4.0)).tolist() == [0.0] * 3 + [0.5] + [1.0] * 5
    three = np.array([1.0, 2.0, 5.0, 5.0, 5.0, 6.0, 7.0, 8.0, 9.0])
    assert below_deciles(three, np.array(5.0)).tolist() == [0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 1.0]
    assert below_deciles(np.full(9, 2.0), np.array(2.0)) == pytest.approx(LEVELS)


def test_calibration_of_an_honest_and_of_a_timid_forecast() -> None:
    rng = np.random.default_rng(2)
    honest, timid = Tally.of(2), Tally.of(2)
    actual = rng.normal(0, 1, (5000, 2))
    honest.add(np.broadcast_to(NORMAL, (5000, 2, 9)), actual, np.ones(5000))
    timid.add(np.broadcast_to(3 * NORMAL, (5000, 2, 9)), actual, np.ones(5000))
    assert honest.calibration() == pytest.approx(LEVELS, abs=0.02)
    assert honest.calibration(2, 2) == pytest.approx(LEVELS, abs=0.03)
    assert timid.calibration()[0] == pytest.approx(NormalDist().cdf(3 * NORMAL[0]), abs=0.01)
    assert honest.score().coverage_80 == pytest.approx(0.8, abs=0.02)


def test_what_did_not_come_is_not_counted() -> None:
    tally = Tally.of(3)
    actual = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, 4.0]])
    tally.add(np.zeros((2, 3, 9)), actual, np.array([2.0, np.nan]))
    assert tally.samples.tolist() == [1, 0, 2]
    assert tally.size.tolist() == [1, 0, 7]
    # |1 - 0| / 2 + |3 - 0| / 2 over two samples; the second series never changed.
    assert tally.score().mase == 1.0
    assert np.isnan(tally.crps_by_horizon()[1])
    assert np.isnan(tally.calibration(2, 2)).all()
    assert tally.calibration().tolist() == [0.0] * 9


@pytest.mark.parametrize(
    ("horizon", "groups"), [(48, [(1, 16), (17, 32), (33, 48)]), (2, [(1, 1), (2, 2)]), (1, [(1, 1)])]
)
def test_horizon_groups_cover_all_steps(horizon: int, groups: list[tuple[int, int]]) -> None:
    assert horizon_groups(horizon) == groups
