"""The normal distribution against scipy, and the polynomial against its own derivation."""

import numpy as np
import pytest
from numpy.polynomial import chebyshev

from models import normal
from models.arrays import Floats

special = pytest.importorskip("scipy.special", reason="the reference comes with the `fit` extra")

POINTS = np.concatenate(
    [np.linspace(-38.0, 38.0, 60_001), np.geomspace(1e-12, 1.0, 101), -np.geomspace(1e-12, 1.0, 101)]
)


def test_coefficients_are_those_of_the_chebyshev_interpolant() -> None:
    def smooth(y: Floats) -> Floats:
        t = 3.75 * (1.0 + y) / (1.0 - y)
        return np.asarray((1.0 + 2.0 * t) * special.erfcx(t))

    nodes = chebyshev.chebpts1(19)
    interpolant = chebyshev.cheb2poly(chebyshev.chebfit(nodes, smooth(nodes), 18))
    np.testing.assert_allclose(np.array(normal._COEFFICIENTS), interpolant, rtol=0.0, atol=1e-8)


def test_distribution_function_agrees_with_scipy_tails_included() -> None:
    np.testing.assert_allclose(normal.ndtr(POINTS), special.ndtr(POINTS), rtol=1e-12, atol=1e-300)


def test_scaled_tail_agrees_with_scipy_out_to_infinity() -> None:
    t = np.append(np.geomspace(1e-9, 1e12, 20_001), [0.0])
    np.testing.assert_allclose(normal.erfcx(t), special.erfcx(t), rtol=1e-12)
    assert normal.erfcx(np.array([np.inf])).tolist() == [0.0]


def test_far_tails_are_limits_and_not_nan() -> None:
    assert normal.ndtr(np.array([-np.inf, -1e9, 1e9, np.inf])).tolist() == [0.0, 0.0, 1.0, 1.0]


def test_every_element_is_computed_as_if_alone() -> None:
    whole = normal.ndtr(POINTS[::7])
    alone = np.concatenate([normal.ndtr(POINTS[::7][i : i + 1]) for i in range(0, 8000, 97)])
    assert alone.tobytes() == whole[:8000:97].tobytes()
