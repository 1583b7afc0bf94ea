"""Scores: what is strange for a series, whatever its unit, and what is not."""

import numpy as np
import pytest

from models.anomaly.bank import READY_SAMPLES
from models.arrays import Floats
from tests.models.anomaly.feeding import one_series

ALARM = 0.95


def daily(days: int, seed: int = 0) -> Floats:
    """Five-minute samples of a daily wave."""
    n = np.arange(288 * days)
    return 50.0 + 10.0 * np.sin(2 * np.pi * n / 288) + np.random.default_rng(seed).normal(size=len(n))


def test_a_spike_is_alarmed_once_and_at_once() -> None:
    values = daily(7)
    values[1500:1506] += 60.0
    score = one_series(values).score
    assert np.flatnonzero(score >= ALARM).tolist() == [1500]


def test_a_value_that_is_usual_at_another_hour_is_strange_at_this_one() -> None:
    values = daily(14)
    # At its highest at a quarter of the day: 58 comes every day, but not at three quarters.
    night = 288 * 12 + 216
    values[night : night + 6] = 58.0
    height = one_series(values).height
    assert height[night : night + 6].max() > np.quantile(height[1000:night], 0.995)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_unit_of_measure_does_not_matter(scale: float) -> None:
    values = daily(5)
    values[1000] += 40.0
    values[1100:1120] = values[1100]
    plain, scaled = one_series(values), one_series(scale * values)
    np.testing.assert_allclose(scaled.height, plain.height, atol=0.02)
    np.testing.assert_allclose(scaled.score[1000], plain.score[1000], atol=1e-3)


@pytest.mark.parametrize("scale", [2.0**-20, 2.0**20])
def test_every_stream_is_free_of_the_unit(scale: float) -> None:
    # A power of two rounds nothing: every count and every maximum must be the same to the last bit.
    values = np.round(daily(5), 3)
    plain, scaled = one_series(values).bank.arrays, one_series(scale * values).bank.arrays
    free = ("placed", "season_counts", "strange_mean", "strange_highest", "spread_mean", "recent_surprisal", "flat_run")
    for name in free:
        assert (plain[name] == scaled[name]).all(), name
    assert plain["season_counts"][0, 1:].sum() > 500


def test_a_young_series_is_not_judged() -> None:
    values = np.random.default_rng(0).normal(size=READY_SAMPLES + 50)
    values[50] = 1e3
    assert not one_series(values).height[:READY_SAMPLES].any()


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e15])
def test_a_constant_whose_first_change_comes_does_not_cry(constant: float) -> None:
    for changed in (constant + 1e-9, 2.0 * constant + 1.0):
        values = np.full(1200, constant)
        values[800:] = changed
        assert not one_series(values).score.any()


def test_a_counter_like_series_that_seldom_counts_does_not_cry_wolf() -> None:
    rng = np.random.default_rng(1)
    values = np.where(rng.random(288 * 15) < 0.01, rng.integers(1, 4, 288 * 15), 0).astype(float)
    score = one_series(values).score
    assert np.count_nonzero(score[288 * 5 :] >= ALARM) <= 3


def test_a_binary_series_does_not_cry_wolf() -> None:
    values = (np.random.default_rng(2).random(288 * 15) < 0.3).astype(float)
    assert not (one_series(values).score >= ALARM).any()


def test_scores_lie_between_zero_and_one() -> None:
    heard = one_series(np.random.default_rng(3).standard_cauchy(1000))
    assert heard.score.min() == 0.0
    assert heard.height.max() <= 1.0
    assert (heard.score <= heard.height).all()
