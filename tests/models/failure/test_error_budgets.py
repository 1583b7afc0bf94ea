"""Error budgets, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.failure import error_budgets
from models.layout import allocate

ONE = np.zeros(1, np.int64)
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
BEGIN_MS = 20_000 * DAY_MS


class Budget:
    """One slot."""

    def __init__(self) -> None:
        self.arrays = allocate(error_budgets.LAYOUT, 1)

    def add(self, minute: float, bad: float, every: float) -> "Budget":
        at_ms = np.array([BEGIN_MS + round(minute * MINUTE_MS)])
        error_budgets.add(self.arrays, ONE, at_ms, np.array([bad]), np.array([every]))
        return self

    def sums(self, window_ms: int) -> tuple[float, float]:
        bad, every = error_budgets.sums(self.arrays, ONE, window_ms)
        return float(bad[0]), float(every[0])

    def rate(self, window_ms: int, target: float) -> float:
        return float(error_budgets.burn_rates(*error_budgets.sums(self.arrays, ONE, window_ms), target)[0])


def test_a_window_holds_its_newest_minutes() -> None:
    budget = Budget()
    for minute in range(10):
        budget.add(minute, 1.0, 10.0)
    assert budget.sums(5 * MINUTE_MS) == (5.0, 50.0)
    assert budget.sums(HOUR_MS) == (10.0, 100.0)
    # A minute that nothing came in is empty.
    assert budget.add(12, 0.0, 10.0).sums(5 * MINUTE_MS) == (2.0, 30.0)


def test_a_burn_rate_is_the_share_of_bad_ones_in_units_of_what_is_allowed() -> None:
    budget = Budget()
    for minute in range(60):
        budget.add(minute, 5.0 if minute >= 55 else 0.0, 100.0)
    # The last 5 minutes: 25 of 500 bad, 5 %; at 99.9 % 0.1 % is allowed: 50 times. The hour: 25 of 6000, 4.17 times.
    assert budget.rate(5 * MINUTE_MS, 0.999) == pytest.approx(50.0)
    assert budget.rate(HOUR_MS, 0.999) == pytest.approx(25 / 6000 / 0.001)


def test_without_events_nothing_burns() -> None:
    assert Budget().add(0, 0.0, 0.0).rate(HOUR_MS, 0.999) == 0.0


def test_the_coarse_ring_holds_a_month() -> None:
    budget = Budget()
    for day in range(40):
        budget.add(1440 * day, 1.0, 100.0)
    assert budget.sums(30 * DAY_MS) == (30.0, 3000.0)
    assert budget.sums(3 * DAY_MS) == (3.0, 300.0)


def test_what_comes_late_counts_in_its_own_minute_and_what_is_too_old_not_at_all() -> None:
    budget = Budget().add(10, 0.0, 1.0).add(7, 1.0, 1.0)
    assert budget.sums(3 * MINUTE_MS) == (0.0, 1.0)
    assert budget.sums(4 * MINUTE_MS) == (1.0, 2.0)
    assert budget.add(10 - 60 * 24 * 40, 5.0, 5.0).sums(30 * DAY_MS) == (1.0, 2.0)
    assert budget.sums(6 * HOUR_MS) == (1.0, 2.0)


def test_a_long_silence_empties_the_rings() -> None:
    assert Budget().add(0, 1.0, 1.0).add(1440 * 100, 0.0, 1.0).sums(30 * DAY_MS) == (0.0, 1.0)


def test_what_is_left_and_how_long_it_lasts() -> None:
    # 300 bad of a million at 99.9 %: 30 % spent, 70 % left; at a burn rate of 14 a 30-day budget lasts 1.5 days.
    left = error_budgets.left(np.array([300.0]), np.array([1e6]), 0.999)
    assert left[0] == pytest.approx(0.7)
    in_ms = error_budgets.exhausted_in_ms(left, np.array([14.0]), 30 * DAY_MS)
    assert in_ms[0] / DAY_MS == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("left", "rate", "days"), [(0.5, 0.0, np.inf), (0.0, 3.0, 0.0), (-0.4, 3.0, 0.0), (-0.4, 0.0, 0.0)]
)
def test_a_budget_that_is_spent_is_spent_now_and_one_that_is_not_touched_lasts(
    left: float, rate: float, days: float
) -> None:
    assert error_budgets.exhausted_in_ms(np.array([left]), np.array([rate]), 30 * DAY_MS)[0] == days * DAY_MS


def test_a_slot_alone_answers_as_among_others() -> None:
    rng = np.random.default_rng(0)
    together, alone = allocate(error_budgets.LAYOUT, 9), allocate(error_budgets.LAYOUT, 9)
    for minute in range(50):
        bad, every = rng.random(9), 1.0 + rng.random(9)
        at_ms = BEGIN_MS + (minute * 7 + rng.integers(0, 5, 9)) * MINUTE_MS
        error_budgets.add(together, np.arange(9), at_ms, bad, every)
        for slot in range(9):
            one = np.array([slot])
            error_budgets.add(alone, one, at_ms[one], bad[one], every[one])
    for window_ms in (5 * MINUTE_MS, 6 * HOUR_MS, 3 * DAY_MS):
        for slot in range(9):
            both = [
                error_budgets.sums(arrays, slots, window_ms)
                for arrays, slots in ((together, np.arange(9)), (alone, np.array([slot])))
            ]
            assert [part[slot] for part in both[0]] == [part[0] for part in both[1]]


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 9)), min_size=1, max_size=60),
    st.sampled_from([5, 30, 60, 360]),
)
def test_windows_are_those_of_a_list_of_all_events(events: list[tuple[int, int]], minutes: int) -> None:
    budget, newest = Budget(), max(minute for minute, _ in events)
    for minute, bad in sorted(events):
        budget.add(minute, bad, 10.0)
    inside = [bad for minute, bad in events if newest - minute < minutes]
    assert budget.sums(minutes * MINUTE_MS) == (sum(inside), 10.0 * len(inside))
