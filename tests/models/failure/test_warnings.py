"""Warnings and their leads, counted by hand."""

import numpy as np
import pytest

from models.failure import warnings
from models.failure.episodes import NONE
from models.layout import allocate

SLOT = np.zeros(1, np.int64)
MINUTE_MS = 60_000


class Warned:
    """One slot, looked at minute by minute."""

    def __init__(self) -> None:
        self.arrays = allocate(warnings.LAYOUT, 1)
        self.minute = 0

    def look(self, *chances: float) -> "Warned":
        for p in chances:
            warnings.follow(self.arrays, SLOT, np.array([self.minute * MINUTE_MS]), np.array([p]))
            self.minute += 1
        return self

    def open(self) -> "Warned":
        warnings.confirm(self.arrays, SLOT, np.array([self.minute * MINUTE_MS]))
        return self

    @property
    def counts(self) -> tuple[int, int]:
        return int(self.arrays["warnings"][0]), int(self.arrays["warnings_right"][0])

    @property
    def lead_minutes(self) -> float:
        return float(warnings.median_lead_ms(self.arrays["leads"])[0]) / MINUTE_MS


def test_a_warning_counts_once_its_outcome_is_known() -> None:
    warned = Warned().look(0.1, 0.5, 0.9, 0.6)
    assert warned.counts == (0, 0)
    assert Warned().look(0.1, 0.5, 0.9, 0.49).counts == (1, 0)
    assert Warned().look(0.5, 0.1, 0.5, 0.1, 0.1).counts == (2, 0)
    assert warned.open().counts == (1, 1)


def test_an_episode_without_a_warning_counts_for_none() -> None:
    warned = Warned().look(0.1, 0.4).open()
    assert warned.counts == (0, 0)
    assert np.isnan(warned.lead_minutes)


def test_the_lead_is_counted_from_the_warning_s_beginning() -> None:
    # From minute 1 to minute 6: 5 minutes, of the size from 4 to 16, whose middle by ratio is 8.
    assert Warned().look(0.1, 0.5, 0.5, 0.5, 0.5, 0.5).open().lead_minutes == 8.0
    # No time at all: of the size below a minute.
    at_once = Warned().look(0.9)
    at_once.minute = 0
    assert at_once.open().lead_minutes == 0.5


def test_the_median_of_three_is_the_one_between() -> None:
    # Leads of 1, 5 and 20 minutes: sizes 1 to 4, 4 to 16, 16 to 64.
    warned = Warned().look(0.9).open().look(*[0.9] * 5).open().look(*[0.9] * 20).open()
    assert warned.counts == (3, 3)
    assert warned.lead_minutes == 8.0


def test_a_silence_leaves_the_outcome_open() -> None:
    warned = Warned().look(0.9)
    warnings.drop(warned.arrays, SLOT)
    assert warned.arrays["warned_ms"][0] == NONE
    assert warned.open().counts == (0, 0)


@pytest.mark.parametrize("minutes", [10**6, 10**9])
def test_long_leads_have_a_size_too(minutes: int) -> None:
    warned = Warned().look(0.9)
    warned.minute = minutes
    assert warned.open().lead_minutes == 2 * 4**8
