"""The rule by which looks are settled, one look at a time."""

import numpy as np
import pytest

from models.verification import judge, record

OPEN, HIT, MISS = (False, False), (True, True), (True, False)


@pytest.mark.parametrize(
    ("age", "occurred", "verdict"),
    [
        (0, False, OPEN),
        (0, True, HIT),
        (9, False, OPEN),
        (9, True, HIT),
        (10, False, MISS),
        (10, True, HIT),  # the last moment of the horizon is within it
        (11, True, MISS),  # and what comes after that is no hit of this look
        (-1, True, OPEN),  # the occurrence was before the look, and is told only now
    ],
)
def test_a_look_ten_ahead(age: int, occurred: bool, verdict: tuple[bool, bool]) -> None:
    found = judge(np.array([age]), np.array([10]), np.array([occurred]))
    assert (bool(found.is_known[0]), bool(found.is_hit[0])) == verdict


@pytest.mark.parametrize(("age", "occurred", "verdict"), [(12, False, OPEN), (13, False, MISS), (12, True, MISS)])
def test_where_an_occurrence_may_be_told_three_late_a_miss_is_certain_three_later(
    age: int, occurred: bool, verdict: tuple[bool, bool]
) -> None:
    found = judge(np.array([age]), np.array([10]), np.array([occurred]), told_after=3)
    assert (bool(found.is_known[0]), bool(found.is_hit[0])) == verdict


def test_a_record_is_of_means_and_says_nothing_before_the_first_look() -> None:
    arrays = {
        "looks_settled": np.array([0, 4]),
        "square_error": np.array([0.0, 1.0]),
        "base_square_error": np.array([0.0, 2.0]),
    }
    settled, brier, base_brier = record(arrays, np.array([1, 0]))
    assert settled.tolist() == [4, 0]
    np.testing.assert_array_equal(brier, [0.25, np.nan])
    np.testing.assert_array_equal(base_brier, [0.5, np.nan])
