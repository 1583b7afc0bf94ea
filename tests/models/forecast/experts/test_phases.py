"""Medians of the same place in earlier cycles, by hand."""

import numpy as np

from tests.models.forecast.experts.reading import said
from tests.models.forecast.feeding import one_series

RNG = np.random.default_rng(1)
DAY, WEEK = 24, 168
HOURLY = 50.0 + RNG.normal(size=4 * WEEK + 11)
FINE = 50.0 + RNG.normal(size=3 * 288)
FINE_MS, FINE_FIRST = 300_000, 470_000


def test_a_coarse_series_has_the_hour_of_the_last_seven_days() -> None:
    bank, _ = one_series(HOURLY)
    at = len(HOURLY) - 1 + 5
    expected = np.median([HOURLY[at - DAY * day] for day in range(1, 8)])
    np.testing.assert_allclose(said(bank, "phase_minor", [5]), expected, rtol=1e-6)


def test_the_same_hour_of_three_weeks_and_its_neighbours() -> None:
    bank, _ = one_series(HOURLY)
    at = len(HOURLY) - 1 + 30
    expected = np.median([HOURLY[at - WEEK * week + beside] for week in (1, 2, 3) for beside in (-1, 0, 1)])
    np.testing.assert_allclose(said(bank, "phase_long", [30]), expected, rtol=1e-6)


def test_a_fine_series_has_the_minute_of_the_last_twelve_hours() -> None:
    bank, _ = one_series(FINE, step_ms=FINE_MS)
    at = len(FINE) - 1 + 30
    expected = np.median([FINE[at - 36 - 12 * hour] for hour in range(12)])
    np.testing.assert_allclose(said(bank, "phase_minor", [30]), expected, rtol=1e-6)


def test_around_the_same_time_yesterday() -> None:
    bank, _ = one_series(FINE, step_ms=FINE_MS)
    at = len(FINE) - 1 + 40 - 288
    np.testing.assert_allclose(said(bank, "phase_around", [40]), np.median(FINE[at - 6 : at + 7]), rtol=1e-6)


def test_a_burst_does_not_move_them() -> None:
    burst = FINE.copy()
    burst[-100] = 1e6
    for name in ("phase_minor", "phase_around"):
        assert abs(said(one_series(burst, step_ms=FINE_MS)[0], name, [8])[0] - 50.0) < 3.0
