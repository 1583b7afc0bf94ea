"""Ends of failures: several at once, each with an end that may be told anew."""

import numpy as np
import pytest

from models.failure import ends
from models.layout import allocate

Told = list[tuple[int, int]]
"""Ids and ends, in the order in which they were told."""


def last_ms(told: Told) -> int:
    arrays, slot = allocate(ends.LAYOUT, 2), np.array([1])
    for failure_id, until_ms in told:
        ends.note(arrays, slot, failure_id, until_ms)
    assert ends.last_ms(arrays, np.array([0]))[0] == -1
    return int(ends.last_ms(arrays, slot)[0])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], -1),
        ([(7, 100)], 100),
        ([(7, 100), (7, 40)], 40),
        ([(7, 100), (8, 20)], 100),
        ([(7, 100), (8, 20), (7, 200)], 200),
        ([(7, 100), (8, 20), (7, 10)], 20),
        # One more than are kept: what ended first is forgotten, be it the newest.
        ([(7, 100), (1, 10), (2, 20), (3, 30), (4, 40)], 100),
        ([(7, 100), (1, 60), (2, 60), (3, 60), (4, 50), (7, 5)], 60),
    ],
)
def test_an_entity_fails_until_the_last_end(told: Told, expected: int) -> None:
    assert last_ms(told) == expected


def test_which_failures_are_known() -> None:
    arrays, slots = allocate(ends.LAYOUT, 2), np.arange(2)
    ends.note(arrays, slots[:1], 7, 100)
    assert ends.known(arrays, slots, 7).tolist() == [True, False]
    assert ends.known(arrays, slots, 8).tolist() == [False, False]


def test_one_that_is_withdrawn_has_no_end_and_the_others_have() -> None:
    arrays, slots = allocate(ends.LAYOUT, 3), np.arange(3)
    for failure_id, until_ms in ((7, 100), (8, 40)):
        ends.note(arrays, slots[:2], failure_id, until_ms)
    ends.withdraw(arrays, slots[1:], 7)
    assert ends.last_ms(arrays, slots).tolist() == [100, 40, -1]
    assert ends.known(arrays, slots, 7).tolist() == [True, False, False]
