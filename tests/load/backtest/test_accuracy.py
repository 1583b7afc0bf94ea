"""Errors and seasonal naive against plain formulas."""

from statistics import NormalDist

import numpy as np
import pytest

from load.backtest.accuracy import Accuracy
from load.backtest.history import History, season_steps
from load.backtest.plan import Plan
from load.backtest.tally import quantile_loss
from load.backtest.window import Forecasts, Naive, Window
from models.layout import allocate
from streams.pipeline import grid as grids
from streams.pipeline.rows import Row, stacked

HOUR_MS = 3_600_000
HORIZON, SEASON = 30, 24


def history_of(values: np.ndarray, steps: np.ndarray) -> History:
    """One series that learned samples at these steps; the origin is the last one."""
    grid = allocate(grids.LAYOUT, 1)
    grid["step_ms"][:] = HOUR_MS
    plan = Plan(HOUR_MS, HORIZON, (int(steps[-1]) * HOUR_MS,))
    history = History(plan, grid)
    for step, value in zip(steps.tolist(), values.tolist(), strict=True):
        learn(history, step, value)
    return history


def learn(history: History, step: int, value: float) -> None:
    """A sample; what it said as it came is of no interest."""
    history.learn(stacked([Row(0, step * HOUR_MS, -1e9, 0, 0, 0)]), np.array([value]))


def forecasts_at(step: int) -> Forecasts:
    return Forecasts(step * HOUR_MS, ["s"], np.array([0]), np.array([HOUR_MS]), np.zeros((1, HORIZON, 9)))


def test_seasonal_naive_repeats_the_last_season_with_its_own_spread() -> None:
    rng = np.random.default_rng(2)
    values, steps = rng.normal(10, 3, 200), np.arange(1000, 1200)
    naive = history_of(values, steps).begin(forecasts_at(1199)).naive
    changes = values[SEASON:] - values[:-SEASON]
    ahead = np.arange(HORIZON)
    median = values[len(values) - SEASON + ahead % SEASON]
    sigma = np.sqrt(np.mean(changes**2)) * np.sqrt(ahead // SEASON + 1)
    assert naive.quantiles[0, :, 4] == pytest.approx(median)
    assert naive.quantiles[0, :, 8] == pytest.approx(median + sigma * NormalDist().inv_cdf(0.9))
    assert naive.scale[0] == pytest.approx(np.abs(changes).mean())


def test_a_short_series_is_repeated_plainly() -> None:
    naive = history_of(np.array([1.0, 3.0, 4.0]), np.arange(100, 103)).begin(forecasts_at(102)).naive
    assert naive.quantiles[0, 0, 4] == 4.0
    assert naive.scale[0] == pytest.approx(1.5)
    assert np.isnan(history_of(np.array([1.0]), np.array([100])).begin(forecasts_at(100)).naive.scale[0])


def test_the_window_holds_what_came_and_leaves_out_what_did_not() -> None:
    history = history_of(np.arange(60.0), np.arange(100, 160))
    window = history.begin(forecasts_at(159))
    for step, value in ((160, 7.0), (162, 9.0), (159 + HORIZON, 1.0), (160 + HORIZON, 2.0)):
        learn(history, step, value)
    history.fill(window)
    expected = np.full(HORIZON, np.nan)
    expected[[0, 2, HORIZON - 1]] = 7.0, 9.0, 1.0
    assert window.actual[0] == pytest.approx(expected, nan_ok=True)
    assert window.before[0] == pytest.approx(np.arange(30.0, 60.0))


def test_the_season_follows_the_step() -> None:
    steps_ms = np.array([10_000, 60_000, 300_000, HOUR_MS, 7 * 24 * HOUR_MS, 100])
    assert season_steps(steps_ms).tolist() == [360, 1440, 288, 24, 52, 1]


def test_the_summary_weighs_by_size_and_skips_what_did_not_come() -> None:
    rng = np.random.default_rng(3)
    accuracy = Accuracy.of(5)
    loss = naive_loss = size = scaled = 0.0
    inside = samples = scaled_samples = 0
    for origin in range(3):
        quantiles, naive = np.sort(rng.normal(5, 1, (2, 5, 9))), np.sort(rng.normal(5, 2, (2, 5, 9)))
        actual, scale = rng.normal(5, 1, (2, 5)), np.array([0.5, 0.0])
        actual[0, origin] = np.nan
        forecasts = Forecasts(origin, ["a", "b"], np.array([0, 1]), np.array([1, 1]), quantiles)
        accuracy.add(Window(forecasts, Naive(naive, scale), actual, actual))
        for series, ahead in np.argwhere(~np.isnan(actual)).tolist():
            y, q = actual[series, ahead], quantiles[series, ahead]
            loss += float(quantile_loss(q, y))
            naive_loss += float(quantile_loss(naive[series, ahead], y))
            size += abs(y)
            inside += q[0] <= y <= q[8]
            samples += 1
            if scale[series]:
                scaled += abs(y - q[4]) / scale[series]
                scaled_samples += 1
    summary = accuracy.summary()
    assert summary.samples_scored == samples == 27
    assert summary.crps == pytest.approx(loss / size)
    assert summary.crps_relative == pytest.approx(loss / naive_loss)
    assert summary.coverage_80 == pytest.approx(inside / samples)
    assert summary.mase == pytest.approx(scaled / scaled_samples)
    assert sum(errors.loss for errors in accuracy.by_series.values()) == pytest.approx(loss)


def test_nothing_scored_is_no_error() -> None:
    summary = Accuracy.of(5).summary()
    assert (summary.samples_scored, summary.crps, summary.mase_relative, summary.coverage_80) == (0, None, None, None)
