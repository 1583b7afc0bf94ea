"""Increments over at least an hour, and what their medians say."""

import numpy as np
import pytest

from models.capacity.drift import drift_and_spread, hourly_increments

NAN = np.nan


def test_increments_reach_back_to_the_last_level_an_hour_away() -> None:
    # Half hours 0, 1, 2, then 10, 11, 12. From 2 back to 0: one hour. From 10 back to 2: 4 h. 11 is too near to 10, so
    # back to 2: 4.5 h. From 12 back to 10: one hour. There is nothing an hour before 1.
    bins = np.array([[0, 1, 2, 10, 11, 12]])
    levels = np.array([[0.0, 5.0, 3.0, 11.0, 12.0, 13.0]])
    per_hour, hours = hourly_increments(bins, levels)
    # 3/1, 8/4, 9/4.5, 2/1
    np.testing.assert_array_equal(per_hour, [[NAN, 3.0, 2.0, 2.0, 2.0]])
    assert hours[0, 1:].tolist() == [1.0, 4.0, 4.5, 1.0]


def test_missing_levels_make_no_increment() -> None:
    # The places before the first level are numbered -1; the open bin may have no level yet.
    per_hour, _ = hourly_increments(np.array([[-1, -1, 8, 10, 12]]), np.array([[NAN, NAN, 1.0, 2.0, NAN]]))
    np.testing.assert_array_equal(per_hour, [[NAN, NAN, 1.0, NAN]])


def test_drift_and_spread_are_medians() -> None:
    # Of 1, 2, 3, 4, 100 the median is 3, the distances from it are 2, 1, 0, 1, 97: median 1, times 1.4826.
    per_hour = np.array([[1.0, 2.0, 3.0, 4.0, 100.0]])
    drift, spread = drift_and_spread(per_hour, np.ones_like(per_hour), np.zeros_like(per_hour))
    assert (drift[0], spread[0]) == (3.0, 1.4826)


@pytest.mark.parametrize("hours", [1.0, 24.0])
def test_the_spread_is_per_root_hour_whatever_the_step(hours: float) -> None:
    # A walk of standard deviation 2 per √h, seen every `hours`: its change per hour has 2 / √hours.
    changes = np.random.default_rng(0).normal(0.0, 2.0 * np.sqrt(hours), (1, 20_000))
    _, spread = drift_and_spread(changes / hours, np.full_like(changes, hours), changes)
    assert spread[0] == pytest.approx(2.0, rel=0.03)
