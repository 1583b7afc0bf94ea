"""Looks, their outcomes, and what follows from these, with the arithmetic shown."""

import numpy as np
import pytest

from models.capacity import looks
from models.capacity.horizons import HORIZONS
from models.layout import Arrays, allocate

SLOT = np.zeros(1, np.int64)
EXPERTS = np.zeros((1, HORIZONS, 5)) + np.array([0.9, 0.7, 0.5, 0.1, 0.3])
REACHED = np.full((1, HORIZONS), True)
MIXTURE = np.full((1, HORIZONS), 0.6)
H1, H6, H24 = 0, 1, 2


def _take(arrays: Arrays, half_hour: int) -> None:
    looks.take(arrays, SLOT, np.array([half_hour], np.int32), EXPERTS, MIXTURE)


def _settle(arrays: Arrays, half_hour: int, *, reached: bool) -> None:
    looks.settle(arrays, SLOT, np.array([half_hour], np.int32), np.array([reached]))


def _settled(arrays: Arrays) -> list[int]:
    return [int(settled) for settled in arrays["looks_settled"][0]]


def test_a_miss_is_known_when_its_time_is_over() -> None:
    arrays = allocate(looks.LAYOUT, 1)
    # Taken at the end of half hour 1; an hour later is the end of half hour 3, six hours later that of 13.
    _take(arrays, 1)
    _settle(arrays, 2, reached=False)
    assert _settled(arrays) == [0, 0, 0, 0, 0]
    _settle(arrays, 3, reached=False)
    assert _settled(arrays) == [1, 0, 0, 0, 0]
    _settle(arrays, 13, reached=False)
    assert _settled(arrays) == [1, 1, 0, 0, 0]
    # 0.6² = 0.36 and the crossings' 0.1² = 0.01, as said in half precision
    assert arrays["square_error"][0, H1] == pytest.approx(0.36, rel=1e-3)
    assert arrays["base_square_error"][0, H1] == pytest.approx(0.01, rel=1e-3)
    assert arrays["expert_error"][0, H1] == pytest.approx([0.81, 0.49, 0.25, 0.01, 0.09], rel=1e-3)
    assert (arrays["hits"][0, H1], arrays["looks"][0, H1]) == (0.0, 1.0)


def test_a_crossing_settles_all_that_it_is_in_time_for() -> None:
    arrays = allocate(looks.LAYOUT, 1)
    _take(arrays, 1)
    # Two hours later it is too late for the hour, and in time for all others.
    _settle(arrays, 5, reached=True)
    assert _settled(arrays) == [1] * 5
    assert arrays["hits"][0].tolist() == [0.0, 1.0, 1.0, 1.0, 1.0]
    assert arrays["expert_error"][0, H6] == pytest.approx([0.01, 0.09, 0.25, 0.81, 0.49], rel=2e-3)


def test_older_errors_count_less() -> None:
    arrays = allocate(looks.LAYOUT, 1)
    for half_hour in (1, 3, 5):
        _settle(arrays, half_hour, reached=False)
        _take(arrays, half_hour)
    _settle(arrays, 7, reached=False)
    # Three misses of the walk, 0.81 each: 0.81 (1 + 0.98 + 0.98²)
    assert arrays["expert_error"][0, H1, 0] == pytest.approx(0.81 * (1.0 + 0.98 + 0.9604), rel=1e-3)
    # All three are in the record alike.
    assert arrays["square_error"][0, H1] == pytest.approx(3 * 0.36, rel=1e-3)


def test_the_best_expert_gets_the_weight() -> None:
    arrays = allocate(looks.LAYOUT, 1)
    fresh = looks.weights(arrays, SLOT, REACHED)[0]
    # Crossings count a tenth before the first: 1, 1, 1, 0.1, 1 of 4.1
    assert fresh[H1] == pytest.approx(np.array([1.0, 1.0, 1.0, 0.1, 1.0]) / 4.1)
    for horizon in (H1, H24):
        arrays["expert_error"][0, horizon] = [0.5, 0.0, 2.0, 1.0, 1.5]
    arrays["hits"][0, H1] = 1.0
    hour, day = looks.weights(arrays, SLOT, REACHED)[0, [H1, H24]]
    # One look an hour: exp(-2 L); a crossing was seen. Six a day count as two: exp(-2 L 2 / 6); none was seen.
    told = np.exp([-1.0, 0.0, -4.0, -2.0, -3.0])
    assert hour == pytest.approx(told / told.sum())
    assert day / day[1] == pytest.approx(
        np.exp(np.array([-1.0, 0.0, -4.0, -2.0, -3.0]) / 3.0) * [1.0, 1.0, 1.0, 0.1, 1.0]
    )


def test_a_forecast_that_does_not_reach_has_no_weight() -> None:
    arrays = allocate(looks.LAYOUT, 1)
    arrays["expert_error"][0] = [0.5, 0.5, 0.5, 0.5, 0.0]
    arrays["hits"][0] = 1.0
    reaches = np.arange(HORIZONS) == H1
    hour, six_hours = looks.weights(arrays, SLOT, reaches[None])[0, [H1, H6]]
    assert hour[4] > hour[0] > 0.0
    assert six_hours == pytest.approx([0.25, 0.25, 0.25, 0.25, 0.0])


def test_crossings_are_counted() -> None:
    arrays = allocate(looks.LAYOUT, 1)
    arrays["hits"][0], arrays["looks"][0] = 3.0, 10.0
    # (3 + 0.1 x 0.5) / (10 + 2)
    assert looks.frequencies(arrays, SLOT, np.array([0.5]))[0].tolist() == [3.05 / 12.0] * 5


def test_looks_are_taken_hourly_and_six_times_a_horizon() -> None:
    arrays = allocate(looks.LAYOUT, 1)
    taken = []
    for half_hour in range(1, 49):
        _settle(arrays, half_hour, reached=False)
        if len(looks.due(arrays, SLOT, np.array([half_hour], np.int32))):
            _take(arrays, half_hour)
            taken.append(half_hour)
    assert taken == list(range(1, 49, 2))
    waiting = np.split(arrays["look_bin"][0] != -1, [2, 9, 16, 23])
    # Of an hour and of six the newest; of a day, one each four hours: hours 1 (the first), 4, 8, 12, 16, 20, 24.
    assert [int(np.count_nonzero(of)) for of in waiting[:3]] == [1, 6, 7]
    assert _settled(arrays)[:3] == [23, 18, 0]


def test_a_silence_drops_the_looks_that_are_shorter() -> None:
    arrays = allocate(looks.LAYOUT, 1)
    _take(arrays, 1)
    looks.drop_silent(arrays, SLOT, np.array([13], np.int32))
    _settle(arrays, 2000, reached=False)
    # 6.5 hours: of one and of six nobody knows.
    assert _settled(arrays) == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(("limit", "kept"), [(100.9, True), (101.1, False), (98.5, False), (np.nan, True)])
def test_a_resized_limit_begins_anew(limit: float, *, kept: bool) -> None:
    arrays = allocate(looks.LAYOUT, 1)
    looks.forget_other_limits(arrays, SLOT, np.array([100.0]))
    _take(arrays, 1)
    arrays["hits"][0] = 2.0
    looks.forget_other_limits(arrays, SLOT, np.array([limit]))
    assert bool(arrays["hits"][0, 0] == 2.0) is kept
    assert bool((arrays["look_bin"][0] != -1).any()) is kept


def test_a_limit_that_creeps_is_compared_with_the_one_of_the_looks() -> None:
    arrays = allocate(looks.LAYOUT, 1)
    for limit in (100.0, 100.6, 101.2):
        looks.forget_other_limits(arrays, SLOT, np.array([limit]))
    assert arrays["look_limit"][0] == 101.2
