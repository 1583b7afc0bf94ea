"""Seasons: several at once, gone again, of odd length, by local time, and on special days."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.arrays import Floats
from models.calendar.clocks import DAY_MS, Clocks, ZoneTable
from models.calendar.clocks import UTC as UTC_TABLE
from models.forecast.bank import ForecastBank
from tests.models.forecast.feeding import HOUR_MS, LEVELS, forecast_from, one_series

DAY, WEEK, MEDIAN, MINUTE_MS = 24, 168, 4, 60_000
SEASONAL = ("short_naive", "long_naive", "short_slow", "long_slow", "phase_minor", "phase_around", "phase_long")
"""Those that repeat a shape where it was; the others follow a walk."""


def _instant_ms(written: str) -> int:
    return (datetime.fromisoformat(written) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@pytest.mark.parametrize(("step_ms", "weeks"), [(HOUR_MS, 6), (5 * MINUTE_MS, 2)])
def test_a_day_within_a_week_is_better_than_repeating_the_day(step_ms: int, weeks: int) -> None:
    rng = np.random.default_rng(1)
    day = DAY_MS // step_ms
    t = np.arange((7 * weeks + 1) * day)
    # Two days a week are quiet. The day that is forecast is the first quiet one or the day after the last.
    weekend = (t // day) % 7 >= 5
    values = 50.0 + np.where(weekend, 2.0, 10.0) * np.sin(2 * np.pi * t / day) - 20.0 * weekend
    values += rng.normal(size=len(t))
    for origin in (len(t) - day, len(t) - 3 * day):
        bank, _ = one_series(values[:origin], horizon=day, step_ms=step_ms)
        truth = values[origin : origin + day]
        ours = np.abs(forecast_from(bank, origin)[:, MEDIAN] - truth).mean()
        assert ours < 0.5 * np.abs(values[origin - day : origin] - truth).mean()


def _seasonal_weight(values: Floats) -> float:
    """Weight of the seasonal experts, mean over anchors."""
    bank, _ = one_series(values)
    weights = bank._mixture._weights(bank.arrays, np.array([0]))
    return float(sum(weights[bank._mixture.names.index(name)].mean() for name in SEASONAL))


def test_a_season_that_is_gone_loses_its_weight() -> None:
    rng = np.random.default_rng(2)
    t = np.arange(40 * DAY)
    seasonal = 50.0 + 10.0 * np.sin(2 * np.pi * t / DAY) + rng.normal(size=len(t))
    walk = 50.0 + np.cumsum(rng.normal(0.0, 3.0, 40 * DAY))
    assert _seasonal_weight(seasonal) > 0.5
    assert _seasonal_weight(np.concatenate([seasonal, walk])) < 0.5 * _seasonal_weight(seasonal)


def test_a_job_of_every_seven_minutes_is_forecast_at_its_spikes() -> None:
    rng = np.random.default_rng(3)
    t = np.arange(2000)
    values = 5.0 + 40.0 * (t % 7 == 0) + rng.normal(0.0, 0.5, len(t))
    bank, _ = one_series(values, horizon=28, step_ms=MINUTE_MS)
    assert bank.arrays["found_period"][0] == 7
    medians, is_spike = forecast_from(bank, len(t))[:, MEDIAN], np.arange(2000, 2028) % 7 == 0
    assert medians[is_spike].min() > 35.0
    assert medians[~is_spike].max() < 15.0


def _said_after(begin: str, end: str, values_of: Floats, clocks: Clocks, zone: int) -> Floats:
    """Medians of the day after hourly values between two instants."""
    first, last = _instant_ms(begin) // HOUR_MS, _instant_ms(end) // HOUR_MS
    bank, slot = ForecastBank(DAY, LEVELS, clocks), np.array([0])
    bank.start(slot, np.array([HOUR_MS]), np.array([first]), values_of[:1], np.array([zone]))
    for n, step in enumerate(range(first, last)):
        bank.update(slot, np.array([step]), values_of[n : n + 1])
    return np.asarray(bank.forecast(slot, np.array([last - 1]), np.arange(1, DAY + 1))[0, :, MEDIAN])


def test_the_day_after_the_clocks_change_follows_local_time() -> None:
    change_ms, begin, end = _instant_ms("2026-03-29T01:00Z"), "2026-02-01T00:00Z", "2026-03-29T22:00Z"
    berlin = ZoneTable(np.array([0, change_ms]), np.array([HOUR_MS, 2 * HOUR_MS]))
    clocks = Clocks([UTC_TABLE, berlin], [])
    utc_ms = np.arange(_instant_ms(begin), _instant_ms(end) + DAY_MS, HOUR_MS)
    local_hour = (utc_ms + np.where(utc_ms < change_ms, 1, 2) * HOUR_MS) // HOUR_MS % DAY
    # Office hours, whose edges tell an hour apart.
    values = np.where((local_hour >= 8) & (local_hour < 18), 60.0, 10.0)
    errors = [np.abs(_said_after(begin, end, values, clocks, zone) - values[-DAY:]).mean() for zone in (1, 0)]
    assert errors[0] < 1.0
    # In UTC both edges are an hour late: 2 of 24 hours are off by up to 50.
    assert errors[1] > 2.0


def test_the_third_month_end_is_forecast_as_the_two_before_were() -> None:
    begin = "2026-01-01T00:00Z"
    ends = [_instant_ms(f"{day}T00:00Z") // DAY_MS for day in ("2026-01-31", "2026-02-28", "2026-03-31")]
    clocks = Clocks([UTC_TABLE], [np.array(ends)])
    utc_ms = np.arange(_instant_ms(begin), _instant_ms("2026-04-01T00:00Z"), HOUR_MS)
    usual = 50.0 + 10.0 * np.sin(2 * np.pi * utc_ms / DAY_MS) + np.random.default_rng(4).normal(0.0, 0.5, len(utc_ms))
    values = usual + 30.0 * np.isin(utc_ms // DAY_MS, ends)
    special = _said_after(begin, "2026-03-31T00:00Z", values, clocks, 0) - usual[-DAY:]
    assert special.mean() > 15.0
    ordinary = _said_after(begin, "2026-03-30T00:00Z", values, clocks, 0) - usual[-2 * DAY : -DAY]
    assert np.abs(ordinary).mean() < 3.0
