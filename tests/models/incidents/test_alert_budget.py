"""The budget: at which threshold ordinary days open so many incidents."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.incidents.alert_budget import (
    CELLS,
    CELLS_PER_UNIT,
    GAP_MINUTES_MAX,
    LEAVES_OUT_MAX,
    MEMORY_MINUTES,
    Largest,
    Openings,
    count,
    leaves_out_signs,
    of_minutes,
    threshold,
)
from tests.golden.laws import LAWS, RELATIVE

QUIET_MINUTES = 8
STAYS_MINUTES = 4


def strays(rng: np.random.Generator, days: int, scale: float = 1.0) -> np.ndarray:
    """The largest scores of minutes: what strays is remembered for four minutes."""
    alone = rng.gumbel(2.0 * scale, scale, days * MEMORY_MINUTES + STAYS_MINUTES)
    windows: np.ndarray = np.lib.stride_tricks.sliding_window_view(alone, STAYS_MINUTES)
    return np.asarray(windows.max(axis=1))


def opened_by(values: np.ndarray, level: float) -> int:
    """Incidents that a fixed threshold opens, one after the other."""
    last = -QUIET_MINUTES - 1
    opened = 0
    for minute in np.flatnonzero(values > level).tolist():
        opened += minute - last > QUIET_MINUTES
        last = minute
    return opened


def live(values: np.ndarray, per_day: float, openings: Openings) -> tuple[int, float]:
    """Go through minutes as a scope does: how many incidents were opened, and the last threshold."""
    last, opened, level = -QUIET_MINUTES - 1, 0, np.inf
    begin = openings.recent[-1].minute + 1 if openings.recent else 0
    for minute, value in enumerate(values.tolist()):
        level = threshold(openings, per_day)
        has_signs = value > level
        if has_signs:
            opened += minute - last > QUIET_MINUTES
            last = minute
        is_left_out = has_signs and leaves_out_signs(per_day)
        count(openings, Largest(begin + minute, value), QUIET_MINUTES, is_left_out=is_left_out)
    return opened, level


def counted(values: Sequence[float], step: int = 1) -> Openings:
    """Count scores, one every `step` minutes."""
    openings = Openings()
    for place, value in enumerate(values):
        count(openings, Largest(place * step, value), QUIET_MINUTES, is_left_out=False)
    return openings


def test_it_counts_what_fixed_thresholds_would_have_opened() -> None:
    """Without forgetting, cell by cell, against going through the day once for each threshold."""
    values = strays(np.random.default_rng(7), 1)[:300]
    openings = counted(values.tolist())
    fading = (1.0 - 1.0 / MEMORY_MINUTES) ** len(values)
    for cell in (20, 30, 40, 50, 60):
        before = opened_by(values[:QUIET_MINUTES], cell / CELLS_PER_UNIT)
        expected = opened_by(values, cell / CELLS_PER_UNIT) - before
        assert fading * expected <= openings.counts[cell] <= expected


@pytest.mark.parametrize("per_day", [1.0, 4.0, 12.0, 36.0])
@pytest.mark.parametrize("scale", [0.25, 1.0])
def test_ordinary_days_open_as_many_as_asked_and_hardly_more(per_day: float, scale: float) -> None:
    """From the first minute on: what is not known yet must not cry. The mean of four fleets' four days."""
    opened = [live(strays(np.random.default_rng(seed), 4, scale), per_day, Openings())[0] for seed in (1, 2, 3, 4)]
    assert 0.2 * per_day < sum(opened) / 16 < 1.1 * per_day


@pytest.mark.parametrize("per_day", [1.0, 4.0])
def test_days_full_of_incidents_leave_the_threshold_where_it_was(per_day: float) -> None:
    """Twenty a day, half an hour each: of a small budget they are no part. A large one they would take whole."""
    rng, calm, full = np.random.default_rng(9), Openings(), Openings()
    values = strays(rng, 3)
    _, before = live(values, per_day, calm)
    busy = values.copy()
    for start in range(MEMORY_MINUTES, len(busy), MEMORY_MINUTES // 20):
        busy[start : start + 30] = 25.0
    _, after = live(busy, per_day, full)
    assert 0.75 * before < after < 1.4 * before


def test_it_follows_a_fleet_that_has_changed_within_days() -> None:
    rng, openings = np.random.default_rng(10), Openings()
    live(strays(rng, 3), 12.0, openings)
    live(strays(rng, 3, 2.0), 12.0, openings)
    opened, _ = live(strays(rng, 3, 2.0), 12.0, openings)
    assert 0.5 * 12.0 < opened / 3 < 1.3 * 12.0


def test_what_is_heavy_tailed_costs_no_more_than_the_budget() -> None:
    """The logarithm of a score is what strays here. Budgets that are counted themselves follow no law."""
    days = 6
    values = np.exp(strays(np.random.default_rng(11), days, 0.4))
    opened, _ = live(np.minimum(values, 39.0), 12.0, Openings())
    assert 0.5 * 12.0 < opened / days < 1.2 * 12.0


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.floats(-3.0, 60.0), max_size=200))
def test_a_smaller_budget_never_has_a_lower_threshold(values: list[float]) -> None:
    openings = counted(values)
    small = [threshold(openings, per_day) for per_day in (0.5, 1.0, 2.0, LEAVES_OUT_MAX)]
    large = [threshold(openings, per_day) for per_day in (12.0, 24.0, 36.0)]
    assert all(one >= other - 1e-9 for levels in (small, large) for one, other in pairwise(levels))


def test_more_than_there_can_be_asks_for_the_threshold_that_is_passed_most_often() -> None:
    openings = counted(np.tile([1.0] * 9 + [5.0], 200).tolist())
    assert 1.0 <= threshold(openings, 288.0) < 5.0


def test_nothing_is_concluded_from_a_time_in_which_no_opening_was_due() -> None:
    """Two hours hold one of the rarest that are counted; less those that are left out, three hours."""
    openings, thresholds = Openings(), [threshold(Openings(), 4.0)]
    for minute in range(240):
        count(openings, Largest(minute, 0.5), QUIET_MINUTES, is_left_out=False)
        thresholds.append(threshold(openings, 4.0))
    assert thresholds[180] == pytest.approx(thresholds[0])
    assert thresholds[-1] < 0.2 * thresholds[0]


def test_a_minute_that_is_left_out_still_is_one_before_others() -> None:
    openings = counted([1.0] * QUIET_MINUTES)
    count(openings, Largest(QUIET_MINUTES, 9.0), QUIET_MINUTES, is_left_out=True)
    assert not openings.counts.any()
    count(openings, Largest(QUIET_MINUTES + 1, 8.0), QUIET_MINUTES, is_left_out=False)
    assert not openings.counts.any()
    assert [each.score for each in openings.recent] == [1.0] * (QUIET_MINUTES - 1) + [9.0, 8.0]


@pytest.mark.parametrize("step", [1, 2, 5, 20])
def test_a_day_is_a_day_whatever_the_step_of_its_series(step: int) -> None:
    """One opening every two hours, twelve a day: so often as a threshold between the levels is passed."""
    every = 120 // step
    openings = counted(([1.0] * (every - 1) + [5.0]) * 36, step=step)
    assert openings.minutes == pytest.approx(MEMORY_MINUTES * (1.0 - np.exp(-3.0)), rel=0.01)
    assert openings.counts[30] == pytest.approx(12.0 * openings.minutes / MEMORY_MINUTES, rel=0.06)
    assert threshold(openings, 4.0) == pytest.approx(threshold(counted(([1.0] * 119 + [5.0]) * 36), 4.0), rel=0.01)


def test_a_long_silence_is_no_calm() -> None:
    openings = counted([1.0] * 30)
    before = openings.minutes
    count(openings, Largest(10 * MEMORY_MINUTES, 1.0), QUIET_MINUTES, is_left_out=False)
    assert openings.minutes <= before + GAP_MINUTES_MAX


def test_what_is_off_the_scale_is_counted_at_its_ends() -> None:
    openings = counted([-5.0] * QUIET_MINUTES + [1e9])
    assert openings.counts.tolist() == [1.0] * CELLS


def test_minutes_counted_before_become_openings_of_four_each() -> None:
    minutes = np.zeros(CELLS)
    minutes[[10, 30]] = 40.0, 8.0
    openings = of_minutes(minutes)
    assert openings.counts[[0, 10, 11, 30, 31]].tolist() == [12.0, 12.0, 2.0, 2.0, 0.0]
    assert (openings.minutes, openings.recent) == (48.0, [])


@pytest.mark.parametrize("case", LAWS["thresholds"])
def test_before_anything_is_counted_the_threshold_is_scipy_s(case: dict[str, float]) -> None:
    assert threshold(Openings(), case["per_day"]) == pytest.approx(case["threshold"], rel=RELATIVE)
