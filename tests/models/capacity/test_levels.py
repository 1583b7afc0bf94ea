"""Bins, medians and the ring of levels."""

import numpy as np

from models.arrays import Flags
from models.capacity.levels import LAYOUT, LEVEL_MS, LEVELS, PART_MS, add_samples, recent_levels
from models.layout import Arrays, allocate

SLOT = np.zeros(1, np.int64)


def _fed(samples: list[tuple[int, float]]) -> Arrays:
    arrays = allocate(LAYOUT, 1)
    for time_ms, value in samples:
        add_samples(arrays, SLOT, np.array([time_ms], np.int64), np.array([value]))
    return arrays


def _present(arrays: Arrays) -> tuple[list[int], list[float], float]:
    bins, levels, level = recent_levels(arrays, SLOT)
    there: Flags = ~np.isnan(levels[0])
    return bins[0][there].tolist(), levels[0][there].tolist(), float(level[0])


def test_a_bin_closes_with_the_first_sample_of_a_later_one() -> None:
    # Bin 0 holds 1, 9, 2: median 2. Bin 2 opens half an hour late; bin 1 takes no place.
    arrays = _fed([(0, 1.0), (PART_MS, 9.0), (2 * PART_MS, 2.0), (2 * LEVEL_MS, 5.0)])
    assert _present(arrays) == ([0, 2], [2.0, 5.0], 5.0)


def test_samples_of_one_part_count_as_their_mean() -> None:
    # Parts: mean(1, 2, 6) = 3, then 10, then 20: median 10.
    arrays = _fed([(0, 1.0), (1, 2.0), (2, 6.0), (PART_MS, 10.0), (2 * PART_MS, 20.0)])
    assert _present(arrays) == ([0], [10.0], 10.0)


def test_the_current_level_trails_half_an_hour_whatever_the_bins() -> None:
    # Ten-minute samples 0, 1, 2 | 3, 4: the last half hour holds 2, 3, 4. The open bin is no level of its own yet.
    arrays = _fed([(n * 10 * 60_000, float(n)) for n in range(5)])
    assert _present(arrays) == ([0], [1.0], 3.0)


def test_the_ring_keeps_the_newest_levels_in_order() -> None:
    arrays = _fed([(n * LEVEL_MS, float(n)) for n in range(70)])
    bins, levels, _ = _present(arrays)
    assert bins == list(range(69 - LEVELS, 70))
    assert levels == [float(n) for n in bins]


def test_the_parts_of_an_older_half_hour_are_not_mixed_in() -> None:
    # A day later the places of the parts still hold yesterday's; only today's count.
    arrays = _fed([*((n * PART_MS, 100.0) for n in range(30)), (86_400_000, 1.0), (86_400_000 + PART_MS, 3.0)])
    assert _present(arrays) == ([0, 48], [100.0, 2.0], 2.0)
