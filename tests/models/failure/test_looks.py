"""The conditions under which frequencies are kept."""

import numpy as np
import pytest

from models.failure.bank import LAYOUT
from models.failure.episodes import NONE
from models.failure.looks import condition
from models.layout import allocate

SLOT = np.zeros(1, np.int64)


def _conditions(run_ms: int, since_episode_ms: int | None, gap: float = 9.0) -> list[int]:
    """A rule for 100 ms, seen 1000 and 4000 ms ahead; the usual distance from its threshold is 8."""
    arrays, now_ms = allocate(LAYOUT, 1), 1_000_000
    arrays["for_ms"][0], arrays["within_ms"][0, :2], arrays["last_ms"][0] = 100, [1000, 4000], now_ms
    arrays["run_ms"][0], arrays["gap"][0], arrays["usual_gap"][0] = run_ms, gap, 8.0
    arrays["episode_ms"][0] = NONE if since_episode_ms is None else now_ms - since_episode_ms
    found: list[int] = condition(arrays, SLOT)[0, :2].tolist()
    return found


@pytest.mark.parametrize(("run_ms", "nearness"), [(0, 0), (1, 3), (50, 3), (51, 4), (99, 4)])
def test_the_run_counts_by_halves_of_its_way_to_an_episode(run_ms: int, nearness: int) -> None:
    assert _conditions(run_ms, 0) == [nearness, nearness]


# Edges at half and a quarter of the usual distance; in a run the distance counts for nothing.
@pytest.mark.parametrize(("gap", "nearness"), [(8.0, 0), (4.0, 0), (3.9, 1), (2.0, 1), (1.9, 2), (0.0, 2)])
def test_without_a_run_the_distance_from_the_threshold_counts(gap: float, nearness: int) -> None:
    assert _conditions(0, 0, gap) == [nearness, nearness]
    assert _conditions(1, 0, gap) == [3, 3]


# In windows of 1000 ms: edges at 0.25, 1, 2 and 4; never is as long ago as can be.
@pytest.mark.parametrize(
    ("since_ms", "near", "far"),
    [(250, 0, 0), (251, 1, 0), (1000, 1, 0), (1001, 2, 1), (2001, 3, 1), (4000, 3, 1), (4001, 4, 2), (None, 4, 4)],
)
def test_the_last_episode_counts_by_its_age_in_windows(since_ms: int | None, near: int, far: int) -> None:
    assert _conditions(0, since_ms) == [5 * near, 5 * far]
