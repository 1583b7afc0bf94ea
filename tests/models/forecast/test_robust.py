"""Clipping by hand, sample by sample."""

import numpy as np

from models.forecast import robust
from models.forecast.experts import levels
from models.forecast.robust import BELIEVED_AFTER, LEARNING_SAMPLES, LIMIT_SCALES, SCALE_GAIN_MIN, clip
from models.forecast.series import LAYOUT as SERIES
from models.layout import Arrays, allocate

SLOT = np.array([0])


def _state(count: int, scale: float) -> Arrays:
    """A series at level 10."""
    state = allocate((*SERIES, *levels.LAYOUT, *robust.LAYOUT), 1)
    state["count"][0], state["level_fast"][0], state["scale"][0] = count, 10.0, scale
    return state


def _clipped(state: Arrays, value: float) -> float:
    return float(clip(state, SLOT, np.array([value]))[0])


def test_a_sample_within_four_scales_is_itself() -> None:
    state = _state(count=100, scale=2.0)
    assert [_clipped(_state(100, 2.0), value) for value in (18.0, 2.0)] == [18.0, 2.0]
    _clipped(state, 15.0)
    assert state["scale"][0] == 2.0 + SCALE_GAIN_MIN * (5.0 - 2.0)
    assert state["outliers"][0] == 0


def test_an_outlier_is_clipped_to_four_scales_and_teaches_the_scale_eight() -> None:
    for value, expected in ((1000.0, 10.0 + LIMIT_SCALES * 2.0), (-1000.0, 10.0 - LIMIT_SCALES * 2.0)):
        state = _state(count=100, scale=2.0)
        assert _clipped(state, value) == expected
        assert state["scale"][0] == 2.0 + SCALE_GAIN_MIN * (2.0 * LIMIT_SCALES * 2.0 - 2.0)
        assert state["outliers"][0] == 1


def test_the_fourth_outlier_in_a_row_is_believed_and_one_between_begins_again() -> None:
    state = _state(count=100, scale=2.0)
    runs = []
    for value in (50.0, 50.0, 50.0, 10.0, 50.0, 50.0, 50.0, 50.0, 50.0):
        state["scale"][0] = 2.0
        runs.append(_clipped(state, value) == value)
    assert BELIEVED_AFTER == 4
    assert runs == [False, False, False, True, False, False, False, True, True]


def test_nothing_is_clipped_while_the_scale_is_young() -> None:
    assert _clipped(_state(LEARNING_SAMPLES - 1, 2.0), 1000.0) == 1000.0
    assert _clipped(_state(LEARNING_SAMPLES, 2.0), 1000.0) == 18.0


def test_a_young_scale_is_a_mean() -> None:
    state = _state(count=3, scale=2.0)
    _clipped(state, 20.0)
    # The first sample starts the level and its error is nothing: 1 / (n + 1) with n = 4 samples.
    assert state["scale"][0] == 2.0 + (10.0 - 2.0) / 5


def test_a_scale_of_zero_learns_whatever_comes() -> None:
    state = _state(count=100, scale=0.0)
    assert _clipped(state, 60.0) == 10.0
    assert state["scale"][0] == SCALE_GAIN_MIN * 50.0


def test_the_lowest_value_is_kept_unclipped() -> None:
    state = _state(count=100, scale=2.0)
    for value in (12.0, -1000.0, 5.0):
        _clipped(state, value)
    assert state["lowest"][0] == -1000.0
