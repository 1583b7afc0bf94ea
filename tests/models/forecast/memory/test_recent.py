"""The memory of the newest steps."""

import numpy as np

from models.forecast.memory.recent import RECENT, newest
from tests.models.forecast.feeding import FIRST_STEP, one_series


def _newest(values: list[float]) -> list[float]:
    bank, _ = one_series(values)
    kept: list[float] = newest(bank.arrays, np.array([0]), np.array([FIRST_STEP + len(values) - 1]))[0].tolist()
    return kept


def test_in_the_order_of_time_less_the_first_value() -> None:
    values = [5.0 + n for n in range(RECENT + 40)]
    assert _newest(values) == [value - 5.0 for value in values[-RECENT:]]


def test_missed_steps_hold_nothing_whatever_stood_there_before() -> None:
    values = [5.0 + n for n in range(2 * RECENT)]
    values[-60:-20] = [np.nan] * 40
    kept = np.array(_newest(values))
    assert np.isnan(kept[-60:-20]).all()
    assert np.isfinite(np.delete(kept, range(RECENT - 60, RECENT - 20))).all()


def test_after_a_gap_longer_than_the_memory_only_the_newest_is_known() -> None:
    kept = np.array(_newest([1.0, 2.0, *[np.nan] * (RECENT + 5), 7.0]))
    assert kept[-1] == 6.0
    assert np.isnan(kept[:-1]).all()
