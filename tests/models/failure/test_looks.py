"""The conditions under which frequencies are kept."""

import numpy as np
import pytest

from models.failure.bank import LAYOUT
from models.failure.episodes import NONE
from models.failure.looks import condition
from models.layout import allocate


def _condition(run_ms: int, since_episode_ms: int | None) -> int:
    arrays, now_ms = allocate(LAYOUT, 1), 1_000_000
    arrays["for_ms"][0], arrays["within_ms"][0], arrays["last_ms"][0] = 100, 1000, now_ms
    arrays["run_ms"][0] = run_ms
    arrays["episode_ms"][0] = NONE if since_episode_ms is None else now_ms - since_episode_ms
    return int(condition(arrays, np.zeros(1, np.int64))[0])


@pytest.mark.parametrize(("run_ms", "run_class"), [(0, 0), (1, 1), (50, 1), (51, 2), (99, 2)])
def test_the_run_counts_by_halves_of_its_way_to_an_episode(run_ms: int, run_class: int) -> None:
    assert _condition(run_ms, 0) == run_class


# In windows of 1000 ms: edges at 0.25, 1, 2 and 4; never is as long ago as can be.
@pytest.mark.parametrize(
    ("since_ms", "since_class"), [(250, 0), (251, 1), (1000, 1), (1001, 2), (2001, 3), (4000, 3), (4001, 4), (None, 4)]
)
def test_the_last_episode_counts_by_its_age_in_windows(since_ms: int | None, since_class: int) -> None:
    assert _condition(0, since_ms) == 3 * since_class
