"""Level shifts wait a cycle, and then move what is remembered; what is no shift for good moves nothing."""

import numpy as np
import pytest

from models.arrays import Floats
from models.forecast.bank import ForecastBank
from models.forecast.series import NO_STEP
from tests.models.forecast.feeding import HOUR_MS, LEVELS, slot_state

DAY, WEEK = 24, 168
FIRST_STEP = 2800 * WEEK  # hours: the beginning of a week's cycle
SHIFT_AT, BY = 3 * WEEK, 64.0


def _wave(hours: int, seed: int = 1) -> Floats:
    """A wave a day around 0, and noise."""
    t = np.arange(hours)
    return np.asarray(8.0 * np.sin(2 * np.pi * t / DAY) + np.random.default_rng(seed).normal(size=hours))


def _fed(values: Floats, step_ms: int = HOUR_MS, bank: ForecastBank | None = None, slot: int = 0) -> ForecastBank:
    bank = bank or ForecastBank(DAY, LEVELS)
    slots, first = np.array([slot]), FIRST_STEP * HOUR_MS // step_ms
    bank.start(slots, np.array([step_ms]), np.array([first]), values[:1])
    for n in range(len(values)):
        bank.update(slots, np.array([first + n]), values[n : n + 1])
    return bank


def _shifted(hours_after: int, lasts: int = 10_000) -> Floats:
    values = _wave(SHIFT_AT + hours_after)
    values[SHIFT_AT : SHIFT_AT + lasts] += BY
    return values


def _has_moved(values: Floats) -> bool:
    """Whether the base, which is the first value until a shift is confirmed, is another one."""
    return bool(abs(_fed(values).arrays["base"][0] - values[0]) > BY / 2)


def test_a_shift_is_confirmed_by_the_last_sample_of_a_cycle_and_not_before() -> None:
    assert not _has_moved(_shifted(DAY - 1))
    assert _has_moved(_shifted(DAY))


def test_what_is_remembered_moves_and_what_came_since_stays_where_it_was() -> None:
    values = _shifted(DAY + 2)
    state = _fed(values).arrays
    remembered = state["base"][0] + state["long_memory"][0]
    visits = FIRST_STEP + np.arange(SHIFT_AT - DAY, len(values))
    expected = values[SHIFT_AT - DAY :] + np.where(visits < FIRST_STEP + SHIFT_AT, BY, 0.0)
    # The level a day later tells how far it was, to its noise.
    np.testing.assert_allclose(remembered[visits % (3 * WEEK)], expected, atol=2.0)
    np.testing.assert_allclose(remembered[visits % (3 * WEEK)][DAY:], values[SHIFT_AT:], atol=1e-3)
    recent = state["base"][0] + state["recent"][0]
    np.testing.assert_allclose(recent[visits % 128], expected, atol=2.0)


def test_the_long_cycle_is_where_it_would_be_had_it_always_been_there() -> None:
    moved, always = _fed(_shifted(DAY)), _fed(_wave(SHIFT_AT + DAY) + BY)
    for name, most in (("long_base", 2.0), ("long_fast", 4.0), ("level_slow", 12.0)):
        assert abs(moved.arrays[name][0] - always.arrays[name][0]) < most
    far = np.abs(moved.arrays["long_profile"][0] - always.arrays["long_profile"][0])
    # The first samples, clipped, count for the season a little longer.
    assert np.nanmax(far) < 6.0


@pytest.mark.parametrize("lasts", [4, 12, DAY - 2])
def test_a_job_that_ends_within_a_cycle_moves_nothing(lasts: int) -> None:
    assert not _has_moved(_shifted(3 * DAY, lasts))


def test_what_comes_back_later_moves_back() -> None:
    values = _shifted(6 * DAY, lasts=3 * DAY)
    assert not _has_moved(values)
    assert _has_moved(values[: SHIFT_AT + 4 * DAY - 2])


def test_a_quiet_day_of_every_week_is_no_shift() -> None:
    values = _wave(6 * WEEK)
    values[np.arange(len(values)) % WEEK >= WEEK - DAY] -= BY
    bank = ForecastBank(DAY, LEVELS)
    _fed(values, bank=bank)
    assert abs(bank.arrays["base"][0] - values[0]) < 1.0


def test_in_the_first_weeks_nothing_is_confirmed() -> None:
    values = _wave(2 * WEEK - 2)
    values[WEEK:] += BY
    assert not _has_moved(values)


def test_a_season_whose_nights_stay_is_no_shift() -> None:
    # By day it is higher by 64, at night where it always was: another season, not another level.
    values = _wave(SHIFT_AT + 2 * DAY)
    by_day = np.arange(len(values)) % DAY >= 8
    values[SHIFT_AT:] += BY * by_day[SHIFT_AT:]
    assert not _has_moved(values)


def test_a_shift_that_waits_is_forgotten_in_the_end() -> None:
    waiting, forgotten = _fed(_shifted(6, lasts=5)), _fed(_shifted(2 * DAY, lasts=5))
    assert waiting.arrays["shift_step"][0] == FIRST_STEP + SHIFT_AT
    assert forgotten.arrays["shift_step"][0] == NO_STEP


def test_series_of_different_cycles_move_in_one_call_as_they_do_alone() -> None:
    # Hourly and two-hourly steps have rings of different sizes.
    steps_ms, hours = (HOUR_MS, 2 * HOUR_MS), SHIFT_AT + DAY
    values = [_shifted(DAY)[:: step // HOUR_MS] for step in steps_ms]
    together, slots = ForecastBank(DAY, LEVELS), np.array([0, 1])
    firsts = FIRST_STEP * HOUR_MS // np.array(steps_ms)
    together.start(slots, np.array(steps_ms), firsts, np.array([each[0] for each in values]))
    # Both have their last sample in one call: it confirms both shifts.
    for hour in range(hours):
        due = [slot for slot in (0, 1) if (hours - 1 - hour) % (slot + 1) == 0]
        place = [hour if slot == 0 else (hour - 1) // 2 for slot in due]
        at = np.array([firsts[slot] + n for slot, n in zip(due, place, strict=True)])
        together.update(np.array(due), at, np.array([values[s][n] for s, n in zip(due, place, strict=True)]))
    for slot, step_ms in enumerate(steps_ms):
        alone = _fed(values[slot], step_ms, slot=slot)
        assert slot_state(alone, slot) == slot_state(together, slot)
        assert abs(together.arrays["base"][slot] - values[slot][0]) > 1.0
