"""Yesterday's rise from the same time of day on, with the arithmetic shown."""

import numpy as np
import pytest

from models.arrays import Ints
from models.capacity.yesterday import probabilities
from models.normal import ndtr

BINS = np.arange(100, 150)[None, :]


def _said(levels: list[float], gap: float, spread: float, bins: Ints = BINS) -> list[float]:
    return [float(p) for p in probabilities(bins, np.array([levels]), np.array([gap]), np.array([spread]))[0]]


def test_yesterdays_rise_is_expected_again() -> None:
    # Now is half hour 149; a day ago, half hour 101, the level was 10. It rose to 14 within an hour, to 30 within six.
    levels = [10.0, 10.0, 12.0, 14.0, *[20.0] * 9, 30.0, *[10.0] * 36]
    p_1h, p_6h, p_24h, p_7d, p_30d = _said(levels, 18.0, 1.0)
    # Φ((4 - 18) / (√2 √1)), Φ((20 - 18) / (√2 √6)), Φ((20 - 18) / (√2 √24))
    expected = ndtr(np.array([-14.0, 2.0, 2.0]) / np.sqrt(2.0 * np.array([1.0, 6.0, 24.0])))
    assert [p_1h, p_6h, p_24h] == pytest.approx(expected.tolist())
    assert np.isnan([p_7d, p_30d]).all()


def test_what_came_last_night_and_is_less_than_the_gap_is_no_growth() -> None:
    # Every night 36 for two hours; at its beginning 20 were left after it, so 4 remain when it is as it was.
    levels = [10.0, 10.0, 28.0, 46.0, *[10.0] * 43, 10.0, 10.0, 10.0]
    assert max(_said(levels, 40.0, 0.1)[:3]) < 1e-6


def test_without_a_level_a_day_ago_nothing_is_said() -> None:
    levels = [1.0, np.nan, *[1.0] * 48]
    assert np.isnan(_said(levels, 5.0, 1.0)).all()
    # Daily samples: there is one a day ago, and none within an hour or six of it.
    said = _said([3.0, 4.0], 5.0, 1.0, np.array([[0, 48]]))
    assert np.isnan(said[:2]).all()
    assert said[2] == pytest.approx(float(ndtr(np.array([(1.0 - 5.0) / np.sqrt(48.0)]))[0]))


def test_without_a_month_to_tell_the_spread_nothing_is_said() -> None:
    assert np.isnan(_said([1.0] * 50, 5.0, np.nan)).all()
