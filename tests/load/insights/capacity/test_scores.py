"""The scorer of capacity predictions, on tracks whose scores are known by hand."""

from math import log

import numpy as np
import pytest

from load.insights.capacity.cases import Case, bursty_cases, growing_cases
from load.insights.capacity.ours import predict_all
from load.insights.capacity.rivals import Predicted, damped_holt, predict_linear
from load.insights.capacity.scores import score
from load.insights.capacity.tracks import GRID_MS, PER_HOUR, Track, track

START_MS = 1_700_000_000_000 // 3_600_000 * 3_600_000


def _growing(hours: float, name: str = "grows") -> Track:
    """One unit an hour, by the minute."""
    minutes = np.arange(round(60 * hours))
    return track(name, START_MS + 60_000 * minutes, minutes / 60.0)


def test_levels_trail_half_an_hour() -> None:
    # Means of five minutes of a sample each: 0, 1, ..., 9; the median of the last six of them: 4 ... 9 -> 6.5.
    made = track("x", START_MS + GRID_MS * np.arange(10), np.arange(10.0))
    assert made.level.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.5, 4.5, 5.5, 6.5]


def test_limits_of_a_growing_resource() -> None:
    cases = list(growing_cases([_growing(40.0)]))
    # Six that are reached and three that are not; the first at 30 % of 40 h: 12 h.
    assert [case.never for case in cases] == [False] * 6 + [True] * 3
    assert cases[0].instants[0] == 3 * PER_HOUR
    assert cases[0].instants[-1] == 11 * PER_HOUR
    assert cases[0].lead_h().tolist() == list(np.arange(9.0, 0.0, -1.0))
    assert np.isinf(cases[-1].lead_h()).all()


def test_bursts_are_cases_to_the_end_of_the_recording() -> None:
    value = np.where(np.arange(480) % 120 < 12, 95.0, 10.0)
    made = track("cpu", START_MS + GRID_MS * np.arange(480), value)
    [case] = bursty_cases([made])
    assert not case.never
    assert (case.track.level[case.instants] < 90.0).all()
    # It is reached anew at 120, 240 and 360, once four of six means are high.
    assert set(case.next_reached[case.instants < 360].tolist()) == {123, 243, 363}


def _case(next_reached: int) -> Case:
    return Case(_growing(48.0), 1e9, np.array([36]), np.array([next_reached]), never=next_reached > 10**9)


def test_scores_by_hand() -> None:
    # Of the first the limit comes 6 h later, of the second never; 45 h of recording are left, so all is known.
    cases = [_case(36 + 6 * PER_HOUR), _case(2**62)]
    made = [
        Predicted(np.array([[0.1, 0.8, 0.9]]), np.array([3.0])),
        Predicted(np.array([[0.0, 0.6, 0.5]]), np.array([np.inf])),
    ]
    scores = score(cases, made)
    assert scores.brier == pytest.approx([0.01 / 2.0, (0.04 + 0.36) / 2.0, (0.01 + 0.25) / 2.0])
    assert scores.base == [0.0, 0.25, 0.25]
    # The one instant that is within half and twice 6 h: log(3/6).
    assert scores.eta_error[1] == pytest.approx(log(2.0))
    assert scores.false_alarms == [0.0, 1.0, 1.0]


def test_a_steady_growth_is_predicted_by_the_hour() -> None:
    cases = list(growing_cases([_growing(40.0)]))
    # The level trails, and so does the limit; the first levels trail less than the later ones.
    settled = cases[0].instants > 9 * PER_HOUR
    assert predict_linear(6)(cases[0]).eta_h[settled] == pytest.approx(cases[0].lead_h()[settled], abs=0.01)
    assert damped_holt(cases[0]).p[-1, 2] > 0.8
    ours = predict_all(cases, 48)
    late = cases[5].instants > 24 * PER_HOUR
    assert ours[5].eta_h[late] == pytest.approx(cases[5].lead_h()[late], abs=0.3)


def test_cases_are_asked_after_the_samples_that_came() -> None:
    """Two tracks of different lengths together give what each gives alone."""
    cases = [*growing_cases([_growing(20.0)]), *growing_cases([_growing(30.0, "longer")])]
    together = predict_all(cases, 48)
    alone = [*predict_all(cases[:9], 48), *predict_all(cases[9:], 48)]
    assert all(np.array_equal(one.p, other.p) for one, other in zip(together, alone, strict=True))
