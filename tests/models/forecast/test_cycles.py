"""Cycles follow from the step, and instants lie in their bins."""

import numpy as np
import pytest

from models.forecast.cycles import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    WEEK_MS,
    YEAR_MS,
    long_cycle,
    place,
    short_cycle,
    steps_per_bin,
    visit,
)


@pytest.mark.parametrize(
    ("step_ms", "short", "long"),
    [
        (10_000, (HOUR_MS, 360), (DAY_MS, 168)),
        (MINUTE_MS, (DAY_MS, 360), (WEEK_MS, 168)),
        (5 * MINUTE_MS, (DAY_MS, 288), (WEEK_MS, 168)),
        (HOUR_MS, (DAY_MS, 24), (WEEK_MS, 168)),
        (6 * HOUR_MS, (DAY_MS, 4), (WEEK_MS, 28)),
        (DAY_MS, (WEEK_MS, 7), (0, 1)),
        (WEEK_MS, (YEAR_MS, 52), (0, 1)),
    ],
)
def test_cycles_follow_from_the_step(step_ms: int, short: tuple[int, int], long: tuple[int, int]) -> None:
    step = np.array([step_ms])
    assert tuple(a.item() for a in short_cycle(step)) == short
    assert tuple(a.item() for a in long_cycle(step)) == long


@pytest.mark.parametrize("step_ms", [10_000, 4 * MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, WEEK_MS])
def test_a_step_with_a_bin_of_its_own_is_read_from_it(step_ms: int) -> None:
    bins = short_cycle(np.array([step_ms])).bins.item()
    step, time_ms = np.full(2 * bins, step_ms), np.arange(2 * bins) * step_ms
    at = place(short_cycle(step), step, time_ms)
    assert at.bin.tolist() == at.left.tolist() == at.right.tolist() == [*range(bins), *range(bins)]
    assert not at.share.any()


def test_a_step_within_a_bin_is_read_between_the_centres() -> None:
    # Four-minute bins of one-minute steps: the middle of minute 0 is 1.5 minutes before the centre of its bin.
    step = np.full(4, MINUTE_MS)
    at = place(short_cycle(step), step, np.arange(4) * MINUTE_MS)
    assert at.bin.tolist() == [0] * 4
    assert at.left.tolist() == [359, 359, 0, 0]
    assert at.right.tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(at.share, [0.625, 0.875, 0.125, 0.375])


def test_visits_count_bins_from_the_epoch_without_end() -> None:
    step = np.full(60, MINUTE_MS)
    time_ms = DAY_MS - 30 * MINUTE_MS + np.arange(60) * MINUTE_MS
    cycle = short_cycle(step)
    # 360 bins of four minutes: from the seventh last of the first day to the eighth of the second.
    assert visit(cycle, time_ms, place(cycle, step, time_ms)).tolist() == [m // 4 for m in range(1410, 1470)]


def test_a_bin_has_at_least_one_step() -> None:
    step = np.array([10_000, MINUTE_MS, HOUR_MS, DAY_MS])
    # 3600 / (360 x 10), 1440 / 360, 24 / 24 and no cycle; 8640 / 168, 10080 / 168
    assert steps_per_bin(short_cycle(step), step).tolist() == [1.0, 4.0, 1.0, 1.0]
    np.testing.assert_allclose(steps_per_bin(long_cycle(step), step), [8640 / 168, 60.0, 1.0, 1.0])
