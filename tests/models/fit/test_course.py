"""Courses made fit for fitting."""

import numpy as np
import pytest

from models.fit.course import Course, in_bins, newest, varies

NAN = np.nan


def test_gaps_hold_the_value_before() -> None:
    values = np.arange(20.0)
    values[7] = NAN
    filled = newest(values, 19)
    assert filled is not None
    assert filled.tolist() == [*range(7), 6, *range(8, 20)]


def test_a_gap_at_the_beginning_is_left_out() -> None:
    filled = newest(np.array([NAN, *range(10)]), 10)
    assert filled is not None
    assert filled.tolist() == list(range(10))


@pytest.mark.parametrize(("known", "gaps", "least"), [(19, 0, 20), (17, 3, 10), (0, 9, 1), (0, 0, 1)])
def test_too_few_and_too_many_gaps(known: int, gaps: int, least: int) -> None:
    assert (
        newest(np.concatenate([np.arange(float(known)), np.full(gaps, NAN), np.ones(min(known, 1))])[:-1], least)
        is None
    )


def test_only_the_newest_are_taken() -> None:
    filled = newest(np.arange(2_500.0), 1)
    assert filled is not None
    assert (filled[0], len(filled)) == (500.0, 2_000)


def test_what_varies() -> None:
    assert varies(np.arange(10.0))
    assert not varies(np.tile(np.arange(9.0), 5))


def test_bins_are_those_of_the_clock() -> None:
    """Steps of 20 minutes from 00:40: the first hour has one, the third none, the last two."""
    course = Course(20 * 60_000, 2, np.array([1.0, 2.0, 3.0, 4.0, NAN, NAN, NAN, 5.0, 7.0]))
    np.testing.assert_array_equal(in_bins(course, 3_600_000), [1.0, 3.0, NAN, 6.0])
