"""The schedule maps event time on the clock; lateness says how well it was kept."""

import math

from hypothesis import given
from hypothesis import strategies as st

from load.replay.schedule import Lateness, Schedule


def test_event_time_runs_at_the_speed() -> None:
    schedule = Schedule(speed=60.0, first_ms=1_000_000, start_s=5.0)
    assert schedule.due_s(1_000_000) == 5.0
    assert schedule.due_s(1_120_000) == 7.0
    assert not schedule.is_due(1_120_000, 6.99)
    assert schedule.is_due(1_120_000, 7.0)


def test_at_full_speed_everything_is_due_and_nothing_late() -> None:
    schedule = Schedule(None, 0, 5.0)
    lateness = Lateness(schedule)
    lateness.observe([0, 10**12], sent_s=100.0)
    assert schedule.due_s(10**12) == 5.0
    assert (lateness.late, lateness.worst_s) == (0, 0.0)


@given(st.floats(0.01, 1e6), st.integers(0, 10**12), st.integers(0, 10**10), st.integers(0, 10**10))
def test_due_times_keep_the_order_of_events(speed: float, first_ms: int, a: int, b: int) -> None:
    schedule = Schedule(speed, first_ms, 3.0)
    assert (schedule.due_s(first_ms + a) < schedule.due_s(first_ms + b)) <= (a < b)


def test_lateness_counts_and_remembers_the_worst() -> None:
    lateness = Lateness(Schedule(1.0, 0, 0.0))
    lateness.observe([1000, 2000, 3000], sent_s=3.05)
    assert lateness.late == 2
    assert math.isclose(lateness.worst_s, 2.05)
    assert math.isclose(lateness.now_s, 0.05)
    lateness.observe([4000], sent_s=3.5)
    assert lateness.now_s == 0.0
    assert math.isclose(lateness.worst_s, 2.05)
