"""Frequencies of past rises, with the arithmetic shown."""

import numpy as np
import pytest

from models.arrays import Singles
from models.capacity.far import BINS
from models.capacity.maxima import crossing_frequencies, range_seen

NAN = np.nan
NO_MONTH = np.full((1, BINS - 1), NAN, np.float32)


def _frequencies(
    bins: list[int], levels: list[float], gap: float, far: Singles = NO_MONTH, nearness: float = 1.0
) -> list[float]:
    given = np.array([bins]), np.array([levels]), far, far, np.array([gap]), np.array([nearness])
    return [float(p) for p in crossing_frequencies(*given)[0]]


def test_rises_within_an_hour_are_counted_by_age() -> None:
    # Half hours 0 to 4 of levels 0, 3, 1, 2, 0: within the next two it rises by 3, -1 and 1 (from 0, 3 and 1); these
    # were known at the ends of half hours 2, 3, 4, so their ages are 1 h, 0.5 h, 0 h. A rise of 2 was seen once:
    # An hour has two looks, a tenth of them is 0.2: (e^(-1/24) + 0.1) / (e^(-1/24) + e^(-0.5/24) + 1 + 0.2)
    old, middle = np.exp(-1.0 / 24.0), np.exp(-0.5 / 24.0)
    assert _frequencies([0, 1, 2, 3, 4], [0.0, 3.0, 1.0, 2.0, 0.0], 2.0)[0] == pytest.approx(
        (old + 0.1) / (old + middle + 1.2)
    )


def test_a_shorter_span_is_stretched_as_a_growth_and_as_a_walk() -> None:
    # One rise of 1 within an hour is known. Of six hours it makes 6 or √6 = 2.449: a gap of 3 is reached by the first
    # alone. A tenth of six hours' looks is 1.2: the two frequencies are (1 + 0.6) / 2.2 and 0.6 / 2.2.
    assert _frequencies([0, 1, 2], [0.0, 0.0, 1.0], 3.0)[1] == pytest.approx(0.5 * (1.6 / 2.2 + 0.6 / 2.2))


def test_a_rise_beyond_all_that_was_seen_is_the_less_likely_the_further() -> None:
    flat = [1.0] * 10
    assert _frequencies(list(range(10)), flat, 5.0, nearness=0.0) == [0.0] * 5
    near, far = (_frequencies(list(range(10)), flat, 5.0, nearness=share)[0] for share in (0.5, 0.25))
    assert near == pytest.approx(2.0 * far)


def test_only_whole_spans_count_across_gaps() -> None:
    # Half hours 0 and 40: nothing is known of the hour after the first.
    assert np.isnan(_frequencies([0, 40], [0.0, 9.0], 1.0)).all()


def test_a_day_and_a_week_come_from_the_bins_of_a_month() -> None:
    # Thirty days at 1 a bin: within a day it rises by 3, within a week by 21, always.
    month = np.arange(BINS - 1, dtype=np.float32)[None, :]
    levels = [89.0] * 50
    within = {gap: _frequencies(list(range(50)), levels, gap, month, 0.0) for gap in (2.9, 3.1, 20.9, 21.1)}
    # 87 rises of a day with w = exp(-age / 72 h), 69 of a week with exp(-age / 504 h), and no hit unseen:
    # s / (s + 0.3), s / (s + 2.1).
    day, week = (np.exp(-8.0 * np.arange(n) / tau).sum() for n, tau in ((87, 72.0), (69, 504.0)))
    assert within[2.9][2] == pytest.approx(day / (day + 0.3))
    assert within[3.1][2] == 0.0
    assert within[20.9][3] == pytest.approx(week / (week + 2.1))
    assert within[21.1][3] == 0.0
    # A month is more than is kept: a week's rise of 21 is stretched by 720/168 = 4.29, or by its root, 2.07.
    assert 0.0 < _frequencies(list(range(50)), levels, 60.0, month, 0.0)[4] < within[20.9][4] < 1.0


def test_peaks_count_and_not_only_last_levels() -> None:
    peaks = np.zeros((1, BINS - 1), np.float32)
    peaks[0, ::3] = 9.0
    given = np.arange(50)[None, :], np.zeros((1, 50)), np.zeros_like(peaks), peaks
    assert crossing_frequencies(*given, np.array([8.0]), np.array([1.0]))[0, 2] > 0.8


def test_the_range_is_that_of_the_day_or_of_the_month() -> None:
    month = np.array([[0.0, 4.0]], np.float32)
    levels = np.array([[7.0, 8.0]])
    assert range_seen(levels, month, month)[0] == 4.0
    assert range_seen(np.array([[1.0, 8.0]]), month, month)[0] == 7.0
    assert range_seen(levels, NO_MONTH, NO_MONTH)[0] == 1.0
