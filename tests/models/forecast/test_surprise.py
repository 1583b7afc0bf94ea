"""Scores rank a sample among its own series' earlier ones."""

import numpy as np

from models.forecast.surprise import CELLS, COUNT_MAX
from tests.models.forecast.feeding import one_series


def test_scores_of_noise_are_spread_evenly() -> None:
    _, scores = one_series(np.random.default_rng(0).normal(size=3000))
    shares = np.histogram(scores[500:], bins=5, range=(0.0, 1.0))[0] / 2500
    np.testing.assert_allclose(shares, 0.2, atol=0.04)


def test_scores_lie_between_zero_and_one() -> None:
    values = np.random.default_rng(1).standard_cauchy(1000)
    _, scores = one_series(values)
    assert scores.min() >= 0.0
    assert scores.max() < 1.0


def test_a_first_change_scores_high_and_the_constant_before_and_after_it_nothing() -> None:
    values = np.full(300, 4.2)
    values[200] += 1e-9
    _, scores = one_series(values)
    assert not scores[:200].any()
    assert scores[200] > 0.99


def test_an_outlier_scores_higher_than_anything_before() -> None:
    values = np.random.default_rng(2).normal(size=500)
    values[-1] = 50.0
    _, scores = one_series(values)
    assert scores[-1] > 0.99


def test_a_full_histogram_is_halved() -> None:
    bank, _ = one_series([1.0, 1.0])
    bank.state["surprises"][0] = np.arange(CELLS)
    bank.state["surprises"][0, 0] = COUNT_MAX - 1
    step = bank.state["last_step"][:1] + 1
    bank.update(np.array([0]), step, np.array([1.0]))
    assert bank.state["surprises"][0].tolist() == [COUNT_MAX // 2, *(np.arange(1, CELLS) // 2).tolist()]
