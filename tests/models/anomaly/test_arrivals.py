"""Arrivals: overdue samples, and paces."""

import numpy as np
import pytest

from models.anomaly import arrivals
from models.layout import allocate

SLOT, STEP_MS = np.array([0]), 60_000


class Series:
    """One series, fed step by step."""

    def __init__(self) -> None:
        self.state = allocate(arrivals.LAYOUT, 1)
        self.paced: list[int] = []
        self.slower: list[float] = []

    def feed(self, *steps: int, crowd: int = 0) -> None:
        for step in steps:
            said = arrivals.follow(self.state, SLOT, np.array([STEP_MS]), np.array([step]), np.array([0]))
            if said.paced[0]:
                self.paced.append(step)
                self.slower.append(float(said.slower[0]))
            for _ in range(crowd):
                arrivals.crowded(self.state, 0)

    @property
    def overdue_step(self) -> float:
        return int(self.state["overdue_ms"][0]) / STEP_MS


def test_a_series_is_overdue_after_three_missed_steps_once_it_is_known() -> None:
    series = Series()
    series.feed(*range(29))
    assert series.state["overdue_ms"][0] == arrivals.NEVER_MS
    series.feed(29)
    # Steps 30, 31 and 32 are missed when step 33 begins.
    assert series.overdue_step == 33


def test_gaps_are_learned_three_times_over_and_a_silence_doubles_at_most() -> None:
    series = Series()
    series.feed(*range(40), 42)
    # Two steps were missed: six may be.
    assert series.overdue_step == 42 + 1 + 6
    series.feed(1000)
    # 957 were missed where six were allowed: twelve are learned, 36 allowed.
    assert series.overdue_step == 1000 + 1 + 36


@pytest.mark.parametrize("times", [2, 5])
def test_a_longer_step_is_told_after_eight_of_them(times: int) -> None:
    series = Series()
    slow = range(100, 100 + 20 * times, times)
    series.feed(*range(100), *slow)
    # The gap before 100 is still one step.
    assert series.paced[0] == 100 + 8 * times
    assert set(series.slower) == {times}


def test_more_samples_a_step_are_told() -> None:
    series = Series()
    series.feed(*range(100))
    series.feed(*range(100, 120), crowd=3)
    assert series.paced[0] == 108
    assert set(series.slower) == {0.25}


def test_skipped_steps_and_doubled_samples_now_and_then_are_no_pace() -> None:
    series, rng = Series(), np.random.default_rng(0)
    for step in range(3000):
        if rng.random() > 0.2:
            series.feed(step, crowd=int(rng.random() < 0.2))
    assert series.paced == []


def test_a_pace_that_is_kept_becomes_the_usual_one() -> None:
    series = Series()
    series.feed(*range(100), *range(100, 1200, 2))
    assert max(series.paced) < 100 + 2 * (arrivals.PACE_USUAL + 1)
