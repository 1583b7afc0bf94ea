"""The scorer of failure rules, on courses whose failures are known by hand."""

from math import isnan

import numpy as np
import pytest

from load.insights.failure_rules.courses import MINUTE_MS, Course, course
from load.insights.failure_rules.play import FORECAST, Rule, Told, play
from load.insights.failure_rules.scores import openings, score
from models.failure.tracks import HORIZONS


def _course(values: list[float], steps: list[int] | None = None) -> Course:
    return Course(np.array(steps or range(len(values)), np.int64), np.array(values))


def test_a_step_has_its_first_sample() -> None:
    made = course(np.array([0, 59_999, 60_000, 180_000]), np.array([1.0, 2.0, 3.0, 4.0]), MINUTE_MS)
    assert (made.step.tolist(), made.value.tolist()) == ([0, 1, 3], [1.0, 3.0, 4.0])


@pytest.mark.parametrize(
    ("values", "steps", "opened"),
    [
        ([0, 9, 9, 9, 9, 0, 9, 9, 9], None, [3, 8]),  # three in a row
        ([9, 9, 0, 9, 9], None, []),
        ([9, 9, 9], [0, 1, 5], [5]),  # three minutes of silence, as long as the rule's own, are bridged
        ([9, 9, 9], [0, 1, 6], []),  # four are not
        ([9, 9, 9, 9, 9, 9], [0, 1, 2, 7, 8, 9], [2, 9]),
    ],
)
def test_failures_open_with_the_sample_that_completes_them(
    values: list[float], steps: list[int] | None, opened: list[int]
) -> None:
    assert openings(_course(values, steps), 5.0, 3 * MINUTE_MS, MINUTE_MS).tolist() == opened


def test_scores_by_hand() -> None:
    """Failures at 10, 20 and 30 of 35 steps; within 4 steps of a look at 7, not of one at 12, unknown at 33."""
    of = _course([9.0 if step in (10, 20, 30) else 0.0 for step in range(35)])
    rule, at = Rule(np.array([5.0]), MINUTE_MS, 4 * MINUTE_MS), np.array([7, 12, 33])
    said = [np.full((3, HORIZONS), p) for p in (0.5, 0.25, np.nan, 0.0)]
    told = Told(np.zeros(3, np.int64), at, *said)
    scores = score(told, [of], rule, MINUTE_MS, 4 * MINUTE_MS, 0)
    assert scores[:3] == (2, 0.25, (0.75**2 + 0.25**2) / 2)
    assert isnan(scores.path)
    assert scores.base == 0.5
    # With two failures alone the course counts for nothing.
    assert score(told, [_course(of.value[:25].tolist())], rule, MINUTE_MS, 4 * MINUTE_MS, 0).looks == 0


def test_a_wave_is_foretold_by_its_forecast_better_than_by_its_frequency() -> None:
    """High for 2 of every 24 half hours: the rule looks 3 hours ahead."""
    steps = np.arange(24 * 40)
    value = 50.0 + 40.0 * np.cos(2 * np.pi * steps / 24.0)
    half_hour_ms, of = 30 * MINUTE_MS, [Course(steps, value), Course(steps[:600], value[:600])]
    rule = Rule(np.array([85.0, 85.0]), half_hour_ms, 6 * half_hour_ms)
    told = play(of, half_hour_ms, rule)
    assert set((told.step[2:] % FORECAST.emit_every).tolist()) == {0}
    assert told.step[told.course == 1].max() < 600
    place = 2  # After a quarter of an hour, in which no forecast is, and an hour.
    assert np.isnan(told.path[:, 0]).all()
    scores = score(told, of, rule, half_hour_ms, rule.within_ms, place)
    assert scores.path < scores.mixture < scores.frequency
