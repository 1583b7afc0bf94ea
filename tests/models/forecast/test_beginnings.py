"""A first value that has nothing to do with the others is forgotten once twenty samples are known; others are not."""

import numpy as np
import pytest

from models.forecast.bank import ForecastBank
from tests.models.forecast.feeding import FIRST_STEP, HOUR_MS, LEVELS, one_series, slot_state

AFTER = 21


def _counts(first: float, others: float, noise: float, samples: int = AFTER) -> int:
    values = others + noise * np.random.default_rng(1).normal(size=samples)
    values[0] = first
    return int(one_series(values)[0].arrays["count"][0])


@pytest.mark.parametrize(
    ("first", "others", "noise"), [(0.0, 1e6, 1.0), (0.0, -1e6, 1.0), (1e15, 3.0, 1.0), (5.0, 7.0, 0.0)]
)
def test_a_false_first_value_is_forgotten(first: float, others: float, noise: float) -> None:
    assert _counts(first, others, noise, AFTER - 1) == AFTER - 1
    assert _counts(first, others, noise) == 1


@pytest.mark.parametrize(("first", "others", "noise"), [(0.0, 10.0, 1.0), (1e6, 1e6, 1.0), (7.0, 7.0, 0.0)])
def test_a_first_value_that_may_be_true_is_kept(first: float, others: float, noise: float) -> None:
    assert _counts(first, others, noise) == AFTER


def test_values_on_either_side_of_the_first_are_no_reason() -> None:
    values = np.where(np.arange(AFTER) % 2, 1e6, -1e6)
    values[0] = 0.0
    assert one_series(values)[0].arrays["count"][0] == AFTER


def test_a_series_that_begins_anew_is_one_that_begins_and_keeps_its_bounds() -> None:
    values = 1e6 + np.random.default_rng(2).normal(size=60)
    from_zero = values.copy()
    from_zero[0] = 0.0
    bank, slot = ForecastBank(24, LEVELS), np.array([0])
    bank.start(slot, np.array([HOUR_MS]), np.array([FIRST_STEP]), from_zero[:1])
    bank.bound(slot, np.array([-1.0]), np.array([2e6]))
    for n, value in enumerate(from_zero):
        bank.update(slot, np.array([FIRST_STEP + n]), np.array([value]))
    assert (bank.arrays["floor"][0], bank.arrays["ceiling"][0]) == (-1.0, 2e6)
    later = ForecastBank(24, LEVELS)
    later.start(slot, np.array([HOUR_MS]), np.array([FIRST_STEP + AFTER - 1]), values[AFTER - 1 : AFTER])
    later.bound(slot, np.array([-1.0]), np.array([2e6]))
    for n in range(AFTER - 1, len(values)):
        later.update(slot, np.array([FIRST_STEP + n]), values[n : n + 1])
    assert slot_state(bank, 0) == slot_state(later, 0)


def test_a_gap_of_hundreds_of_steps_hides_no_false_beginning() -> None:
    bank, slot = ForecastBank(24, LEVELS), np.array([0])
    bank.start(slot, np.array([HOUR_MS]), np.array([FIRST_STEP]), np.array([0.0]))
    steps = [FIRST_STEP, *range(FIRST_STEP + 500, FIRST_STEP + 500 + AFTER - 1)]
    for step in steps:
        bank.update(slot, np.array([step]), np.array([0.0 if step == FIRST_STEP else 1e6 + step % 3]))
    assert bank.arrays["count"][0] == 1
