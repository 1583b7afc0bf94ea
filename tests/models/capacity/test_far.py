"""Bins of eight hours: last level, peak, and what a gap leaves."""

import numpy as np

from models.capacity.far import BINS, LAYOUT, add_levels, closed_bins
from models.layout import Arrays, allocate

NAN = np.nan


def _fed(levels: list[tuple[int, float]]) -> Arrays:
    """Levels by the number of their half hour; a bin has sixteen."""
    arrays, slot = allocate(LAYOUT, 1), np.zeros(1, np.int64)
    for half_hour, level in levels:
        add_levels(arrays, slot, np.array([half_hour], np.int32), np.array([level]))
    return arrays


def _newest(arrays: Arrays, count: int) -> tuple[list[float], list[float]]:
    level, peak = closed_bins(arrays, np.zeros(1, np.int64))
    return level[0, -count:].tolist(), peak[0, -count:].tolist()


def test_a_bin_keeps_its_last_level_and_its_peak_relative_to_the_newest() -> None:
    # Bin 0: 100, 107, 103: last 103 - 101, peak 107 - 101. Bin 1: 101. Bin 2 is open.
    arrays = _fed([(0, 100.0), (5, 107.0), (15, 103.0), (16, 101.0), (32, 150.0)])
    assert _newest(arrays, 2) == ([2.0, 0.0], [6.0, 0.0])


def test_bins_without_a_level_are_missing() -> None:
    level, peak = _newest(_fed([(0, 1.0), (48, 2.0), (64, 3.0)]), 4)
    np.testing.assert_array_equal(level, [-1.0, NAN, NAN, 0.0])
    np.testing.assert_array_equal(peak, [-1.0, NAN, NAN, 0.0])


def test_what_is_older_than_a_month_is_gone() -> None:
    level, _ = closed_bins(_fed([(16 * n, float(n)) for n in range(200)]), np.zeros(1, np.int64))
    # Bin 199 is open; the ninety before it are there.
    assert level[0].tolist() == [float(n - 198) for n in range(199 - (BINS - 1), 199)]
    after_a_year, _ = closed_bins(_fed([(0, 1.0), (17_520, 2.0)]), np.zeros(1, np.int64))
    assert np.isnan(after_a_year).all()


def test_small_changes_of_a_large_level_are_kept() -> None:
    level, _ = _newest(_fed([(0, 1e12), (16, 1e12 + 0.5), (32, 0.0)]), 2)
    assert level == [-0.5, 0.0]


def test_a_false_beginning_costs_no_precision() -> None:
    """A first level of 0 and then a disk of terabytes, which grows by kilobytes."""
    level, _ = _newest(_fed([(0, 0.0), (1, 4e12), *[(16 * n, 4e12 + 1000.0 * n) for n in range(1, 20)]]), 10)
    assert level == [1000.0 * (n - 9) for n in range(10)]
