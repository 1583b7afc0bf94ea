"""Special days: a shift that is learned on them, and left alone on others."""

import numpy as np

from models.calendar.clocks import UTC, Clocks
from models.forecast.bank import ForecastBank
from tests.models.forecast.experts.reading import said
from tests.models.forecast.feeding import HOUR_MS, LEVELS

DAY = 24
FIRST_DAY = 19_600
SPECIAL = Clocks([UTC], [FIRST_DAY + np.array([20, 50, 80])])


def _bank(days: int, clocks: Clocks) -> ForecastBank:
    """Hourly: 100 with a daily wave, 60 more on the special days."""
    bank, slot = ForecastBank(48, LEVELS, clocks), np.array([0])
    noise = np.random.default_rng(0).normal(size=days * DAY)
    for n in range(days * DAY):
        day = n // DAY
        value = np.array([100.0 + 10.0 * np.sin(2 * np.pi * n / DAY) + 60.0 * (day in (20, 50, 80)) + noise[n]])
        step = np.array([FIRST_DAY * DAY + n])
        if n == 0:
            bank.start(slot, np.array([HOUR_MS]), step, value)
        bank.update(slot, step, value)
    return bank


def test_the_next_special_day_is_shifted_and_ordinary_ones_are_not() -> None:
    bank = _bank(80, SPECIAL)
    wave = 100.0 + 10.0 * np.sin(2 * np.pi * np.arange(DAY) / DAY)
    special = said(bank, "calendar", list(range(1, DAY + 1)), SPECIAL)
    after = said(bank, "calendar", list(range(DAY + 1, 2 * DAY + 1)), SPECIAL)
    assert np.abs(special - wave - 60.0).mean() < 15.0
    assert np.abs(after - wave).mean() < 4.0


def test_special_days_do_not_teach_the_ordinary_profile() -> None:
    held, taught = _bank(21, SPECIAL), _bank(21, Clocks.utc())
    assert abs(held.arrays["short_base"][0] - 100.0) < 5.0
    assert taught.arrays["short_base"][0] > 120.0


def test_the_forecast_follows_on_the_third_special_day() -> None:
    bank = _bank(80, SPECIAL)
    ahead = np.arange(1, DAY + 1)
    origin = np.array([FIRST_DAY * DAY + 80 * DAY - 1])
    median = bank.forecast(np.array([0]), origin, ahead)[0, :, 4]
    without = _bank(80, Clocks.utc()).forecast(np.array([0]), origin, ahead)[0, :, 4]
    assert median.mean() > without.mean() + 5.0
