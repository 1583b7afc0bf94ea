"""First passage against numbers worked out otherwise: the formula by scalars, quantiles back into probabilities."""

from math import erf, exp, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.capacity.passage import ETA_HORIZON_H, crossing_probability, crossing_times

MODERATE = st.floats(0.05, 5.0)


def _phi(x: float) -> float:
    return 0.5 * (1.0 + erf(x / sqrt(2.0)))


def _probability(gap: float, drift: float, spread: float, hours: float) -> float:
    return float(crossing_probability(*(np.array([x]) for x in (gap, drift, spread, hours)))[0])


def _times(gap: float, drift: float, spread: float, quantiles: list[float]) -> list[float]:
    times = crossing_times(np.array([gap]), np.array([drift]), np.array([spread]), np.array(quantiles))
    return [float(hours) for hours in times[0]]


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
@given(gap=MODERATE, drift=st.floats(-1.0, 1.0), spread=st.floats(0.01, 3.0))
def test_times_are_the_inverse_of_probabilities(gap: float, drift: float, spread: float) -> None:
    quantiles = [0.1, 0.5, 0.9]
    times = _times(gap, drift, spread, quantiles)
    assert times == sorted(times)
    for quantile, hours in zip(quantiles, times, strict=True):
        if hours == np.inf:
            assert _probability(gap, drift, spread, ETA_HORIZON_H) < quantile
        else:
            # Found within 0.2 % of its place, or a second.
            slack = 0.002 * hours + 1.0 / 3600.0
            assert hours <= slack or _probability(gap, drift, spread, hours - slack) <= quantile + 1e-9
            assert _probability(gap, drift, spread, hours + slack) >= quantile - 1e-9


@settings(deadline=None)
@given(gap=MODERATE, drift=st.floats(-1.0, 1.0), spread=st.floats(1e-3, 3.0))
def test_more_time_is_never_less_likely(gap: float, drift: float, spread: float) -> None:
    hours = np.geomspace(0.01, 500.0, 200)
    reached = crossing_probability(np.array([gap]), np.array([drift]), np.array([spread]), hours)
    assert (np.diff(reached) >= -1e-12).all()
    assert ((reached >= 0.0) & (reached <= 1.0)).all()
