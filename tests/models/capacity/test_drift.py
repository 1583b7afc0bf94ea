"""Increments over at least an hour, and what their medians say."""

import numpy as np
import pytest

from models.capacity.drift import hourly_increments, of_day, of_month

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
    # Hourly levels 0, 1, 3, 6, 10, 110 change by 1, 2, 3, 4, 100: median 3, distances 2, 1, 0, 1, 97, of median 1.
    drift = of_day(np.arange(0, 12, 2)[None, :], np.array([[0.0, 1.0, 3.0, 6.0, 10.0, 110.0]]))
    assert (drift.per_h[0], drift.spread[0]) == (3.0, 1.4826)


def test_growth_is_slowed_to_what_the_newest_quarter_bears_out() -> None:
    # 50 half hours at 1 an hour, of which the last 12 stand still: 12 newest changes are 0.5 (it stopped half an hour
    # before) and eleven times 0. The median of all 48 stays 1.
    hours = np.minimum(np.arange(50.0) / 2.0, 18.5)
    drift = of_day(np.arange(50)[None, :], hours[None, :])
    assert (drift.per_h[0], drift.slowed_per_h[0]) == (1.0, 0.0)


@pytest.mark.parametrize(("slope", "slowed"), [(1.0, 1.0), (-1.0, -1.0)])
def test_steady_growth_and_decline_are_not_slowed(slope: float, slowed: float) -> None:
    drift = of_day(np.arange(50)[None, :], slope * np.arange(50.0)[None, :] / 2.0)
    assert drift.slowed_per_h[0] == slowed


def test_growth_that_quickens_is_not_hastened() -> None:
    hours = np.where(np.arange(50) < 40, np.arange(50.0), 40.0 + 9.0 * (np.arange(50.0) - 40.0)) / 2.0
    drift = of_day(np.arange(50)[None, :], hours[None, :])
    assert (drift.per_h[0], drift.slowed_per_h[0]) == (1.0, 1.0)


def test_the_month_is_told_by_its_days() -> None:
    # Three bins a day. A day's ups and downs of 50 cancel out; what is left are 24 a day, one an hour.
    bins = np.arange(90)
    far_level = (8.0 * bins + 50.0 * (bins % 3)).astype(np.float32)[None, :]
    assert of_month(far_level, np.array([800.0])).per_h[0] == 1.0
    short = far_level.copy()
    short[:, :-8] = np.nan
    # Eight bins make five daily increments, fewer than six.
    assert np.isnan(of_month(short, np.array([800.0])).per_h[0])


@pytest.mark.parametrize("hours", [1.0, 24.0])
def test_the_spread_is_per_root_hour_whatever_the_step(hours: float) -> None:
    # A walk of standard deviation 2 per √h, seen every `hours`: its change per hour has 2 / √hours.
    walk = np.cumsum(np.random.default_rng(0).normal(0.0, 2.0 * np.sqrt(hours), 20_000))
    drift = of_day(round(2 * hours) * np.arange(20_000)[None, :], walk[None, :])
    assert drift.spread[0] == pytest.approx(2.0, rel=0.03)
