"""Bands grow where a series leaves them, each side by itself, and forget it again."""

import math

import numpy as np
import pytest

from models.forecast import calibration
from models.forecast.calibration import LEAK, MISSES_PROMISED, RATE, THETA_MAX, calibrated, settle, widths
from models.layout import Arrays, allocate

SLOT, ANCHOR = np.array([1]), np.array([2])


def _settled(came: list[float]) -> Arrays:
    """Bands from -1 to 1 at one anchor of three, and what came."""
    state = allocate(calibration.layout(3), 2)
    for value in came:
        settle(state, SLOT, ANCHOR, np.array([value]), np.array([-1.0]), np.array([1.0]))
    return state


def test_each_side_follows_its_own_misses() -> None:
    came = [0.0, 2.0, -1.0, 1.0, -3.0, 5.0, 0.5]
    lower = upper = 0.0
    for value in came:
        # On the edge is not missed.
        lower += RATE * ((value < -1.0) - MISSES_PROMISED) - LEAK * lower
        upper += RATE * ((value > 1.0) - MISSES_PROMISED) - LEAK * upper
    state = _settled(came)
    assert state["theta_lower"][1, 2] == pytest.approx(lower, rel=1e-5)
    assert state["theta_upper"][1, 2] == pytest.approx(upper, rel=1e-5)
    # No other slot and no other anchor learned.
    assert np.count_nonzero(state["theta_lower"]) == np.count_nonzero(state["theta_upper"]) == 1


def test_as_many_misses_as_promised_change_nothing_in_the_long_run() -> None:
    thetas = [float(_settled([5.0 * (n % 10 == 0) for n in range(400 + m)])["theta_upper"][1, 2]) for m in range(10)]
    assert sum(thetas) / 10 == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize("value", [-5.0, 5.0])
def test_bands_stay_within_bounds(value: float) -> None:
    lower, upper = widths(_settled([value] * 2000), SLOT)
    missed, kept = (lower, upper) if value < 0 else (upper, lower)
    # theta = 0.03 (1 - 0.1) / 0.02 = 1.35 is held within 1.2; the other side rests at -0.03 0.1 / 0.02.
    assert missed[0, 2] == pytest.approx(math.exp(THETA_MAX), rel=1e-6)
    assert kept[0, 2] == pytest.approx(math.exp(-RATE * MISSES_PROMISED / LEAK), rel=1e-3)
    assert missed[0, :2].tolist() == kept[0, :2].tolist() == [1.0, 1.0]


def test_distances_from_the_median_are_multiplied_and_the_median_is_not_touched() -> None:
    spread = np.array([[[-3.0, -1.0, 0.5, 2.5], [-1.0, 0.0, 1.0, 1.0]]])
    lower, upper = np.array([[2.0, 0.5]]), np.array([[3.0, 1.0]])
    # The medians are -1 and 0: -1 - 2 x 2, -1, -1 + 3 x 1.5, -1 + 3 x 3.5; -0.5, 0, 1, 1
    expected = [[[-5.0, -1.0, 3.5, 9.5], [-0.5, 0.0, 1.0, 1.0]]]
    assert calibrated(spread, lower, upper, 1).tolist() == expected
