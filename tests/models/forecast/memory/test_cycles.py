"""The memory of cycles, bin by bin."""

import numpy as np

from models.forecast.memory.cycles import LONG_CYCLES
from tests.models.forecast.experts.reading import said
from tests.models.forecast.feeding import FIRST_STEP, one_series

MINUTE_MS = 60_000
DAY, WEEK = 24, 168


def test_a_bin_of_several_steps_holds_their_mean() -> None:
    values = 10.0 + np.random.default_rng(0).normal(size=40)
    bank, _ = one_series(values, step_ms=MINUTE_MS)
    # Four-minute bins; the first step is the first minute of one.
    assert FIRST_STEP % 4 == 0
    first = FIRST_STEP % 1440 // 4
    means = (values - values[0]).reshape(10, 4).mean(axis=1)
    np.testing.assert_allclose(bank.arrays["short_memory"][0, first : first + 10], means, rtol=1e-5)
    assert np.isnan(bank.arrays["short_memory"][0, first + 10])


def test_a_new_visit_takes_the_place_of_the_last() -> None:
    values = np.arange(float(3 * DAY))
    bank, _ = one_series(values)
    held = bank.arrays["short_memory"][0, (FIRST_STEP + np.arange(2 * DAY, 3 * DAY)) % DAY]
    assert held.tolist() == values[2 * DAY :].tolist()


def test_three_long_cycles_are_held_and_the_fourth_is_gone() -> None:
    weeks = LONG_CYCLES + 1
    values = np.arange(float(weeks * WEEK))
    bank, _ = one_series(values)
    held = bank.arrays["long_memory"][0]
    assert sorted(held.tolist()) == values[WEEK:].tolist()


def test_what_was_skipped_keeps_what_was_there_before() -> None:
    values = np.arange(float(2 * DAY))
    values[DAY + 3] = np.nan
    bank, _ = one_series(values)
    assert bank.arrays["short_memory"][0, (FIRST_STEP + 3) % DAY] == 3.0
    np.testing.assert_allclose(said(bank, "short_naive", [4]), 3.0)
