"""Which scores were known at their sample."""

import numpy as np

from load.backtest.scores import Timeliness
from models.layout import allocate
from streams.pipeline import grid as grids
from streams.pipeline.rows import Row, stacked

JUMP_STEPS = 100


def in_time(steps: list[int], *, step_is_known: bool, counter: bool = False) -> list[bool]:
    grid = allocate(grids.LAYOUT, 2)
    grid["step_ms"][:], grid["counter"][:] = 1000, counter
    timeliness = Timeliness(grid, JUMP_STEPS, step_is_known=step_is_known)
    return [bool(timeliness.in_time(stacked([Row(1, step * 1000, 1.0, 0, 0, 0)]))[0]) for step in steps]


def test_all_are_where_steps_are_known() -> None:
    assert all(in_time(list(range(20)), step_is_known=True))


def test_the_first_eight_wait_for_an_inferred_step() -> None:
    assert in_time(list(range(12)), step_is_known=False) == [False] * 8 + [True] * 4


def test_of_a_counter_the_first_one_is_not_learned_at_all() -> None:
    assert in_time(list(range(12)), step_is_known=False, counter=True) == [False] * 7 + [True] * 5


def test_a_jump_waits_for_three_later_ones() -> None:
    steps = [0, 1, *range(200, 206)]
    assert in_time(steps, step_is_known=True) == [True, True, False, False, False, True, True, True]


def test_series_are_apart() -> None:
    grid = allocate(grids.LAYOUT, 2)
    grid["step_ms"][:] = 1000
    timeliness = Timeliness(grid, JUMP_STEPS, step_is_known=True)
    rows = stacked([Row(0, 0, 1.0, 0, 0, 0), Row(1, 500_000, 1.0, 0, 0, 0)])
    assert timeliness.in_time(rows).tolist() == [True, True]
    rows = stacked([Row(0, 500_000, 1.0, 0, 0, 0), Row(1, 501_000, 1.0, 0, 0, 0)])
    assert np.array_equal(timeliness.in_time(rows), [False, True])
