"""What models that are fitted anew are given."""

import numpy as np
import pytest

from load.backtest.baselines.contract import STEPS_KEPT_MIN, Subject, steps_kept
from load.backtest.baselines.fitted import SAMPLES_MIN, where_it_can
from load.backtest.baselines.refit import Refit, held


def test_a_gap_holds_the_value_before_it() -> None:
    assert held(np.array([np.nan, 1.0, np.nan, np.nan, 4.0, np.nan])).tolist() == [1.0, 1.0, 1.0, 4.0, 4.0]


def test_the_newest_steps_are_kept() -> None:
    forecaster = Refit(Subject(1, 2), lambda values, _subject: values)
    for value in range(STEPS_KEPT_MIN + 5):
        forecaster.learn(np.array([float(value)]))
    assert forecaster.forecast().tolist() == list(range(5, STEPS_KEPT_MIN + 5))


def test_long_seasons_are_kept_several_times() -> None:
    assert steps_kept(1) == STEPS_KEPT_MIN
    assert steps_kept(288) == 2880


@pytest.mark.parametrize(
    ("values", "fits"),
    [
        (np.arange(float(SAMPLES_MIN)), True),
        (np.arange(float(SAMPLES_MIN - 1)), False),
        (np.full(100, 7.0), False),
    ],
)
def test_where_nothing_can_be_fitted_the_last_value_stays(values: np.ndarray, fits: bool) -> None:
    made = where_it_can(lambda _values, subject: np.full((subject.horizon, 9), -1.0))(values, Subject(1, 2))
    assert (made[0, 4] == -1.0) == fits
    assert fits or made[:, 4].tolist() == [values[-1]] * 2
