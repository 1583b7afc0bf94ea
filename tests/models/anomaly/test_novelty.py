"""Novelty: what the last stretch held is no news, unless it is worse."""

import numpy as np
import pytest

from models.anomaly import novelty
from models.layout import allocate

MINUTE_MS = 60_000
DAY_MS = 1440 * MINUTE_MS


@pytest.mark.parametrize(
    ("step_ms", "stretch"),
    [(1_000, 240), (MINUTE_MS, 240), (10 * MINUTE_MS, 144), (60 * MINUTE_MS, 24), (DAY_MS, 24), (30 * DAY_MS, 24)],
)
def test_the_stretch_is_a_day_within_bounds(step_ms: int, stretch: int) -> None:
    assert novelty.PARTS * novelty.part_samples(np.array([step_ms]))[0] == stretch


def _news(surprisals: list[float], step_ms: int = 60 * MINUTE_MS) -> list[int]:
    """Places of the news, of a series with parts of three samples."""
    state, found = allocate(novelty.LAYOUT, 1), []
    for n, surprisal in enumerate(surprisals):
        width = novelty.part_samples(np.array([step_ms]))
        if novelty.is_news(state, np.array([0]), width, np.array([surprisal]), np.array([n + 1]))[0]:
            found.append(n)
    return found


def test_the_same_again_is_no_news_and_worse_is() -> None:
    assert _news([0.0] * 30 + [1.0, 1.0, 1.05, 1.2, 0.9, 1.25]) == [30, 33]


def test_a_stretch_later_the_same_is_news_again() -> None:
    # The first lies in the part of samples 30 to 32 (the seen-th 30, 31, 32), which begins anew with the 54th.
    again = [n for n in range(31, 70) if _news([0.0] * 30 + [1.0] + [0.0] * (n - 31) + [1.0])[-1] == n]
    assert again == list(range(53, 70))
