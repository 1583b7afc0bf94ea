"""Feeding online models: when they learn what, in which units, and where their spread comes from."""

import numpy as np
import pytest

from load.backtest.baselines.contract import Subject
from load.backtest.baselines.online import FIRST_STEPS_MIN, Online

FIRST = np.arange(1.0, FIRST_STEPS_MIN + 1)
CENTRE, SCALE = FIRST.mean(), FIRST.std()


class LastValue:
    """A model that says what it saw last."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    def learn_one(self, y: float) -> None:
        self.seen.append(y)

    def forecast(self, horizon: int) -> list[float]:
        return [self.seen[-1]] * horizon


def online(horizon: int = 2, season: int = 1) -> tuple[Online, LastValue]:
    model = LastValue()
    return Online(Subject(season, horizon), model), model


def test_models_see_values_around_one() -> None:
    forecaster, model = online(season=FIRST_STEPS_MIN)
    forecaster.learn(FIRST)
    forecaster.learn(np.array([100.0]))
    assert np.mean(model.seen[:-1]) == pytest.approx(1.0)
    assert np.std(model.seen[:-1]) == pytest.approx(1.0)
    assert model.seen[-1] == pytest.approx(1.0 + (100.0 - CENTRE) / SCALE)
    assert forecaster.forecast()[:, 4] == pytest.approx([100.0, 100.0])


def test_until_the_first_season_is_over_the_last_value_stays() -> None:
    forecaster, model = online(season=30)
    forecaster.learn(np.array([np.nan, 4.0, np.nan]))
    assert forecaster.forecast().tolist() == [[4.0] * 9] * 2
    assert model.seen == []


def test_a_gap_holds_the_value_before_it() -> None:
    forecaster, model = online()
    forecaster.learn(FIRST)
    forecaster.learn(np.array([20.0, np.nan]))
    assert model.seen[-1] == model.seen[-2] == pytest.approx(1.0 + (20.0 - CENTRE) / SCALE)


def test_the_spread_is_that_of_earlier_errors_step_by_step() -> None:
    forecaster, _ = online(horizon=2)
    forecaster.learn(FIRST)
    # Looked ahead after the first pair; the second pair is 1 and 5 away from what was said then.
    forecaster.learn(np.array([10.0, 10.0, 11.0, 15.0]))
    made = forecaster.forecast()
    assert made[:, 4] == pytest.approx([15.0, 15.0])
    assert made[:, 8] - made[:, 4] == pytest.approx([1.0, 5.0])


def test_a_constant_series_has_a_scale_too() -> None:
    forecaster, _ = online()
    forecaster.learn(np.zeros(40))
    assert np.all(forecaster.forecast() == 0.0)
