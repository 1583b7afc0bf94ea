"""Who says nothing any more is found by counting checks."""

import pytest

from streams.runtime.log import Place
from streams.runtime.silences import SilenceFinder

A, B, EVENTS = Place("t", 0), Place("t", 1), Place("events", 0)


def found(*looks: tuple[dict[Place, int], dict[Place, int]]) -> list[list[tuple[Place, int]]]:
    finder = SilenceFinder({"t": 2})
    return [list(finder.silent(positions, ends)) for positions, ends in looks]


def test_a_partition_read_to_its_end_is_silent_once() -> None:
    calm = {A: 5, B: 7}, {A: 5, B: 7}
    # The first look only learns the position.
    assert found(calm, calm, calm, calm, calm) == [[], [], [(A, 5), (B, 7)], [], []]


def test_a_record_breaks_the_silence_and_another_one_is_told() -> None:
    before, after = ({A: 5}, {A: 5}), ({A: 6}, {A: 6})
    assert found(before, before, after, after, after, after) == [[], [], [], [], [(A, 6)], []]


@pytest.mark.parametrize("ends", [{A: 6}, {}], ids=["behind", "end unknown"])
def test_who_is_behind_is_not_silent(ends: dict[Place, int]) -> None:
    assert not any(found(*[({A: 5}, ends)] * 5))


def test_an_empty_partition_is_silent_and_other_topics_never_are() -> None:
    look = {A: 0, EVENTS: 3}, {A: 0, EVENTS: 3}
    assert found(look, look, look)[2] == [(A, 0)]
