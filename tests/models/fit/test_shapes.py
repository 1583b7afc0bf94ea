"""Shapes of a day from courses."""

import numpy as np
import pytest

from models.arrays import Floats
from models.fit.course import Course
from models.fit.shapes import fleet_shape, series_shape
from models.forecast.shapes import BINS

HOUR_MS = 3_600_000
STEP_MS = HOUR_MS // 2
SHAPE = np.linspace(0.5, 1.5, BINS)


def shape_of(values: Floats, step_ms: int = STEP_MS, ahead_ms: int = 0) -> Floats | None:
    return series_shape(Course(step_ms, 0, values), np.arange(len(values)) * step_ms + ahead_ms)


def days(count: int, size: float = 7.0) -> Floats:
    return size * np.tile(np.repeat(SHAPE, 2), count)


@pytest.mark.parametrize("size", [1e-9, 7.0, 1e12])
def test_a_shape_has_no_unit(size: float) -> None:
    values = days(4, size)
    values[5::9] = np.nan
    shape = shape_of(values)
    assert shape is not None
    np.testing.assert_allclose(shape, SHAPE)


def test_hours_are_those_of_the_clocks_on_the_wall() -> None:
    shape = shape_of(days(3), ahead_ms=9 * HOUR_MS)
    assert shape is not None
    np.testing.assert_allclose(shape, np.roll(SHAPE, 9))


@pytest.mark.parametrize(
    ("values", "step_ms"),
    [
        (days(3)[1:], STEP_MS),
        (np.append(days(3), -1e-3), STEP_MS),
        (0.0 * days(3), STEP_MS),
        (np.where(np.arange(6 * 48) % 48 < 2, np.nan, days(6)), STEP_MS),
        (days(4), 12 * HOUR_MS),
        (days(1000), 10_000),
    ],
    ids=["young", "negative", "nothing", "an hour is missing", "coarse", "fine"],
)
def test_what_has_no_shape(values: Floats, step_ms: int) -> None:
    assert shape_of(values, step_ms) is None


def test_a_fleets_shape_is_the_median_and_has_the_mean_one() -> None:
    shape = fleet_shape([SHAPE, SHAPE, SHAPE, 1.2 * SHAPE, 9.0 * SHAPE[::-1]])
    assert shape == tuple(np.round(SHAPE, 3).tolist())


def test_few_series_are_no_fleet_and_a_fleet_that_is_mostly_nothing_has_no_shape() -> None:
    assert fleet_shape([SHAPE] * 4) is None
    assert fleet_shape([BINS * np.eye(BINS)[hour] for hour in range(5)]) is None
