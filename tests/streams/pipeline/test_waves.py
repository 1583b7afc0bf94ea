"""Waves: no group twice in one, and every group in its order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.pipeline.waves import waves

groups = st.lists(st.integers(-3, 6), max_size=60)


def cut(group: list[int]) -> list[list[int]]:
    return [wave.tolist() for wave in waves(np.array(group, np.int64))]


def test_an_example() -> None:
    assert cut([]) == []
    assert cut([7]) == [[0]]
    assert cut([5, 6, 5, 5, 7, 6]) == [[0, 1, 4], [2, 5], [3]]


@given(groups)
def test_every_row_is_in_one_wave_and_no_group_twice_in_any(group: list[int]) -> None:
    found = cut(group)
    assert sorted(place for wave in found for place in wave) == list(range(len(group)))
    for wave in found:
        assert len({group[place] for place in wave}) == len(wave)
        assert wave == sorted(wave)


@given(groups)
def test_groups_keep_their_order_and_begin_at_once(group: list[int]) -> None:
    found = cut(group)
    for name in set(group):
        of_group = [place for wave in found for place in wave if group[place] == name]
        assert of_group == [place for place, other in enumerate(group) if other == name]
    assert len(found) == max([group.count(name) for name in group], default=0)
