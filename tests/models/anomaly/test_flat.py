"""Flat lines: runs of one value, judged by what the series is used to."""

import numpy as np
import pytest

from models.anomaly import flat
from models.arrays import Floats
from models.layout import allocate
from tests.models.anomaly.feeding import MINUTE_MS

SLOT = np.array([0])
HOUR_MS = 60 * MINUTE_MS


def _flat(values: Floats, step_ms: int = HOUR_MS) -> list[int]:
    """Places at which the series is flat."""
    state, found, before = allocate(flat.LAYOUT, 1), [], np.nan
    for n, value in enumerate(values.tolist()):
        changed = np.array([n > 0 and value != before])
        before = value
        if flat.follow(state, SLOT, np.array([step_ms]), changed, np.array([n + 1])).flat[0]:
            found.append(n)
    return found


def test_a_noisy_series_is_flat_after_twelve_repetitions() -> None:
    values = np.random.default_rng(0).normal(size=400)
    values[300:350] = values[300]
    assert _flat(values) == list(range(312, 350))


def test_a_constant_and_one_that_changes_now_and_then_never_are() -> None:
    assert _flat(np.zeros(3000)) == []
    assert _flat((np.arange(3000) // 100).astype(float)) == []


def test_rare_events_are_no_end_of_a_flat_line() -> None:
    assert _flat((np.random.default_rng(1).random(5000) < 0.01).astype(float)) == []


@pytest.mark.parametrize("step_ms", [15 * MINUTE_MS, HOUR_MS])
def test_idle_nights_and_weekends_are_usual(step_ms: int) -> None:
    rng, per_day = np.random.default_rng(2), 24 * HOUR_MS // step_ms
    n = np.arange(45 * per_day)
    hour, weekday = n % per_day * 24 / per_day, n // per_day % 7
    busy = (hour > 7) & (hour < 19) & (weekday < 5)
    assert _flat(np.where(busy, rng.normal(10.0, 1.0, len(n)), 0.0), step_ms) == []


def test_a_flat_line_no_more_than_doubles_what_is_usual() -> None:
    values = np.random.default_rng(0).normal(size=3000)
    for begin in (300, 1000, 2000):
        values[begin : begin + 200] = 7.0
    found = np.array(_flat(values))
    # Longest 0, then 12, then 24: flat after 12, 36 and 72 repetitions. Idle stretches of 12 ask for a fortnight.
    assert [found[(found >= begin) & (found < begin + 300)].min() - begin for begin in (300, 1000, 2000)] == [
        12,
        36,
        72,
    ]
