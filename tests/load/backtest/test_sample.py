"""Which series are compared."""

import numpy as np

from load.backtest.sample import SeriesSample

NAMES = [f'cpu{{host="{number}"}}' for number in range(50)]


def taken(names: list[str], size: int) -> set[str]:
    sample = SeriesSample(size)
    for slot, name in enumerate(names):
        sample.offer(name, slot)
    return set(sample.slots)


def test_so_many_are_taken_whatever_their_order() -> None:
    once = taken(NAMES, 7)
    assert len(once) == 7
    assert once == taken(list(np.random.default_rng(1).permutation(NAMES)), 7)


def test_a_larger_sample_holds_the_smaller_one() -> None:
    assert taken(NAMES, 7) < taken(NAMES, 20) < taken(NAMES, 100) == set(NAMES)
