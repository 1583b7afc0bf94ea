"""Extremes of windows, beside those that Python's own find."""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import sliding

ROWS = st.lists(st.floats(-9, 9) | st.just(nan), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("row", "width", "expected"),
    [
        ([3.0, 1.0, 2.0], 1, [3.0, 1.0, 2.0]),
        ([3.0, 1.0, 2.0], 2, [3.0, 2.0]),
        ([3.0, 1.0, 2.0], 3, [3.0]),
        ([nan, 1.0, nan, nan], 2, [1.0, 1.0, nan]),
    ],
)
def test_maxima(row: list[float], width: int, expected: list[float]) -> None:
    assert str(sliding.maxima(np.array(row), width).tolist()) == str(expected)


@given(row=ROWS, width=st.integers(1, 20))
def test_minima_are_those_of_each_window(row: list[float], width: int) -> None:
    width = min(width, len(row))
    windows = [row[start : start + width] for start in range(len(row) - width + 1)]
    expected = [min([value for value in window if not isnan(value)], default=nan) for window in windows]
    assert np.array_equal(sliding.minima(np.array(row), width), expected, equal_nan=True)
