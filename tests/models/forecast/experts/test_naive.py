"""Seasonal naive says what was there one cycle ago."""

import numpy as np

from tests.models.forecast.experts.reading import said
from tests.models.forecast.feeding import one_series

DAY, WEEK = 24, 168
VALUES = 100.0 + np.random.default_rng(0).normal(size=3 * WEEK + 5).round(2)


def test_a_day_and_a_week_ago() -> None:
    bank, _ = one_series(VALUES)
    last = len(VALUES) - 1
    for ahead in (1, 5, DAY, DAY + 3, 2 * DAY):
        back_day = last + ahead - DAY * -(-ahead // DAY)
        np.testing.assert_allclose(said(bank, "short_naive", [ahead]), VALUES[back_day], rtol=1e-6)
        np.testing.assert_allclose(said(bank, "long_naive", [ahead]), VALUES[last + ahead - WEEK], rtol=1e-6)


def test_before_a_cycle_is_known_it_is_the_shorter_one_and_at_last_the_newest_sample() -> None:
    bank, _ = one_series(VALUES[: DAY + 2])
    assert said(bank, "long_naive", [3]).tolist() == said(bank, "short_naive", [3]).tolist()
    np.testing.assert_allclose(said(bank, "short_naive", [3]), VALUES[4], rtol=1e-6)
    bank, _ = one_series(VALUES[:3])
    assert said(bank, "short_naive", [2, 9]).tolist() == [VALUES[2]] * 2


def test_a_skipped_hour_is_what_it_was_the_day_before() -> None:
    values = VALUES[: 3 * DAY].copy()
    values[2 * DAY + 4] = np.nan
    bank, _ = one_series(values)
    np.testing.assert_allclose(said(bank, "short_naive", [5]), values[DAY + 4], rtol=1e-6)
