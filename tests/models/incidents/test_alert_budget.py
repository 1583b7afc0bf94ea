"""The budget: how large a score ordinary minutes reach so many times a day."""

import numpy as np
import pytest

from models.incidents.alert_budget import CELLS, MEMORY_MINUTES, count, fresh, threshold
from tests.golden.laws import LAWS, RELATIVE


def filled(values: np.ndarray) -> np.ndarray:
    counts = fresh()
    for value in values.tolist():
        count(counts, value)
    return counts


@pytest.mark.parametrize("per_day", [4.0, 24.0, 96.0])
def test_ordinary_minutes_pass_it_about_as_often_as_asked(per_day: float) -> None:
    """Maxima of many entities are Gumbel, which is what the tail is taken for."""
    rng = np.random.default_rng(8)
    counts = filled(rng.gumbel(4.0, 1.0, 20 * MEMORY_MINUTES))
    passed = (rng.gumbel(4.0, 1.0, 200 * MEMORY_MINUTES) > threshold(counts, per_day)).mean() * MEMORY_MINUTES
    assert per_day / 1.6 < passed < 1.6 * per_day


def test_a_smaller_budget_asks_for_more() -> None:
    assert threshold(fresh(), 1.0) > threshold(fresh(), 10.0) > 3.0


def test_incidents_of_some_hours_hardly_move_it() -> None:
    rng = np.random.default_rng(9)
    calm = filled(rng.gumbel(4.0, 1.0, 5 * MEMORY_MINUTES))
    before = threshold(calm, 4.0)
    for _ in range(120):
        count(calm, 39.0)
    assert threshold(calm, 4.0) == pytest.approx(before, rel=0.25)


def test_it_follows_a_fleet_that_has_changed_within_days() -> None:
    rng = np.random.default_rng(10)
    counts = filled(rng.gumbel(4.0, 1.0, 3 * MEMORY_MINUTES))
    for value in rng.gumbel(8.0, 2.0, 3 * MEMORY_MINUTES).tolist():
        count(counts, value)
    assert threshold(counts, 4.0) == pytest.approx(8.0 + 2.0 * 5.9, rel=0.15)


def test_what_is_off_the_scale_is_counted_at_its_ends() -> None:
    counts = np.zeros(CELLS)
    count(counts, -5.0)
    count(counts, 1e9)
    assert np.flatnonzero(counts).tolist() == [0, CELLS - 1]


@pytest.mark.parametrize("case", LAWS["thresholds"])
def test_before_anything_is_counted_the_threshold_is_scipy_s(case: dict[str, float]) -> None:
    assert threshold(fresh(), case["per_day"]) == pytest.approx(case["threshold"], rel=RELATIVE)
