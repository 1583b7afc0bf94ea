"""The mixture: probabilities in order, times that agree with them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.capacity.drift import Drift
from models.capacity.horizons import HOURS
from models.capacity.mixture import QUANTILES, mix, times


def _drift(per_h: float, spread: float) -> Drift:
    """It says when by its drift; the slowed one, which says whether, is another."""
    return Drift(np.array([per_h]), np.array([per_h / 7.0]), np.array([spread]))


def test_probabilities_are_weighed_and_never_fall() -> None:
    experts = np.array([[[0.2, 0.4], [0.1, 0.1], [0.8, 0.0], [1.0, 1.0], [1.0, 1.0]]])
    weights = np.tile([0.75, 0.25], (1, 5, 1))
    # 0.15 + 0.1, then 0.1 which is less, then 0.6
    assert mix(experts, weights)[0].tolist() == pytest.approx([0.25, 0.25, 0.6, 1.0, 1.0])


@settings(deadline=None, max_examples=200)
@given(
    raised=st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).map(sorted),
    gap=st.floats(0.05, 5.0),
    drift=st.floats(-1.0, 1.0),
    spread=st.floats(0.01, 3.0),
)
def test_times_agree_with_the_probabilities(raised: list[float], gap: float, drift: float, spread: float) -> None:
    walk = _drift(drift, spread)
    eta = times(np.array([raised]), np.array([gap]), walk, walk)[0].tolist()
    assert eta == sorted(eta)
    for hours, within in zip(HOURS.tolist(), raised, strict=True):
        for quantile, at in zip(QUANTILES.tolist(), eta, strict=True):
            assert at <= hours if within >= quantile else at >= hours


def test_the_walk_says_when_and_the_mixture_whether() -> None:
    # The walk is at a gap of 30 in 30 h. The mixture has 0.1 within a day, 0.7 within a week: its median is the walk's.
    within = np.array([[0.0, 0.0, 0.1, 0.7, 0.7]])
    walk = _drift(1.0, 1e-9)
    p10, p50, p90 = times(within, np.array([30.0]), walk, walk)[0].tolist()
    # The tenth is what the day has, at its end, where the walk has nothing; 0.9 never comes.
    assert (p10, p50, p90) == (24.0, 30.0, np.inf)


def test_beyond_a_day_the_month_says_when() -> None:
    within = np.array([[0.0, 0.0, 0.0, 1.0, 1.0]])
    day, month = _drift(10.0, 1e-9), _drift(0.5, 1e-9)
    assert times(within, np.array([30.0]), day, month)[0].tolist() == [60.0] * 3
