"""First passage against numbers worked out otherwise: the formula by scalars, quantiles back into probabilities."""

from math import erf, exp, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.capacity.passage import crossing_probability, times_between
from tests.golden.laws import LAWS, RELATIVE

MODERATE = st.floats(0.05, 5.0)


def _phi(x: float) -> float:
    return 0.5 * (1.0 + erf(x / sqrt(2.0)))


def _probability(gap: float, drift: float, spread: float, hours: float) -> float:
    return float(crossing_probability(*(np.array([x]) for x in (gap, drift, spread, hours)))[0])


def _time(gap: float, drift: float, spread: float, low: float, high: float, share: float) -> float:
    return float(times_between(*(np.array([x]) for x in (gap, drift, spread, low, high, share)))[0])


def test_without_drift_it_is_the_reflection_principle() -> None:
    # P(max of a driftless walk over 4 h >= 2) = 2 Φ(-2 / (1 √4)) = 2 Φ(-1) = 0.3173
    assert _probability(2.0, 0.0, 1.0, 4.0) == pytest.approx(0.31731050786, rel=1e-10)


@settings(deadline=None)
@given(gap=MODERATE, drift=st.floats(-2.0, 2.0), spread=st.floats(0.5, 3.0), hours=st.floats(0.1, 50.0))
def test_it_is_the_inverse_gaussian_formula(gap: float, drift: float, spread: float, hours: float) -> None:
    root = spread * sqrt(hours)
    mirrored = exp(2.0 * drift * gap / spread**2) * _phi(-(gap + drift * hours) / root)
    textbook = min(1.0, _phi((drift * hours - gap) / root) + mirrored)
    # The textbook's own rounding, eps exp(2μa/σ²), is what the tolerance is for.
    tolerance = 1e-12 + 1e-15 * exp(2.0 * max(drift, 0.0) * gap / spread**2)
    assert _probability(gap, drift, spread, hours) == pytest.approx(textbook, abs=tolerance)


def test_falling_away_it_may_never_arrive() -> None:
    # P(ever) = exp(2μa/σ²) = exp(-2 x 0.5 x 2) = exp(-2)
    assert _probability(2.0, -0.5, 1.0, 1e6) == pytest.approx(exp(-2.0), rel=1e-12)


def test_a_vanishing_spread_is_no_trouble() -> None:
    # 2μa/σ² = 6e25 here: exp of it, times its vanishing partner, is what must not be computed.
    assert [_probability(30.0, 1.0, 1e-12, hours) for hours in (29.9, 30.1)] == [0.0, 1.0]


@settings(deadline=None, max_examples=200)
@given(
    gap=MODERATE,
    drift=st.floats(-1.0, 1.0),
    spread=st.floats(0.01, 3.0),
    bracket=st.sampled_from([(0.0, 1.0), (1.0, 6.0), (6.0, 24.0), (24.0, 168.0), (168.0, 720.0)]),
    share=st.floats(0.0, 1.0),
)
def test_times_cover_their_share(
    gap: float, drift: float, spread: float, bracket: tuple[float, float], share: float
) -> None:
    low, high = bracket
    hours = _time(gap, drift, spread, low, high, share)
    assert low <= hours <= high
    below, above = (
        (0.0 if low == 0.0 else _probability(gap, drift, spread, low)),
        _probability(gap, drift, spread, high),
    )
    if above - below > 1e-8:
        # Found within a sixty-fourth of the bracket.
        slack, target = (high - low) / 64.0, below + share * (above - below)
        assert hours - slack <= low or _probability(gap, drift, spread, hours - slack) <= target + 1e-9
        assert hours + slack >= high or _probability(gap, drift, spread, hours + slack) >= target - 1e-9


def test_where_the_walk_says_nothing_a_bracket_is_divided_evenly() -> None:
    # The walk is there at 30 h, for certain: nothing of it lies between 168 h and 720 h.
    assert _time(30.0, 1.0, 1e-3, 168.0, 720.0, 0.25) == 168.0 + 0.25 * (720.0 - 168.0)


def test_a_steady_walk_is_there_at_one_time() -> None:
    assert [_time(30.0, 1.0, 1e-9, 24.0, 168.0, share) for share in (0.01, 0.5, 0.99)] == [30.0] * 3


@settings(deadline=None)
@given(gap=MODERATE, drift=st.floats(-1.0, 1.0), spread=st.floats(1e-3, 3.0))
def test_more_time_is_never_less_likely(gap: float, drift: float, spread: float) -> None:
    hours = np.geomspace(0.01, 500.0, 200)
    reached = crossing_probability(np.array([gap]), np.array([drift]), np.array([spread]), hours)
    assert (np.diff(reached) >= -1e-12).all()
    assert ((reached >= 0.0) & (reached <= 1.0)).all()


@pytest.mark.parametrize("case", LAWS["passages"])
def test_probabilities_are_scipy_s(case: dict[str, float]) -> None:
    given = [np.array([case[name]]) for name in ("gap", "drift", "spread", "hours")]
    assert crossing_probability(*given)[0] == pytest.approx(case["p"], rel=RELATIVE, abs=1e-15)
