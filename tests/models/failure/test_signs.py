"""Signs of wear, each with the arithmetic shown."""

import math
from collections.abc import Iterable

import numpy as np
import pytest

from models.failure import signs
from models.failure.sign_bank import SignBank

SLOT = np.zeros(1, np.int64)
DAY_MS = 86_400_000


class Worn:
    """One series, a sample a day from day 1 on."""

    def __init__(self) -> None:
        self.bank = SignBank(1)
        self.day = 0

    def see(self, values: Iterable[float], score: float = 0.0) -> "Worn":
        for value in values:
            self.day += 1
            one = np.array([value])
            at = np.array([self.day])
            self.bank.take(SLOT, at, at * DAY_MS, one, one, np.array([score]))
        return self

    def shows(self, sign: str, days_later: int = 0, limit: float = 1.0) -> float:
        now_ms = np.array([(self.day + days_later) * DAY_MS])
        return float(signs.read(self.bank.arrays, SLOT, signs.SIGNS.index(sign), limit, now_ms)[0])


def test_present_and_level_are_of_the_last_value() -> None:
    assert [Worn().see([9.0, 0.0]).shows("present"), Worn().see([0.0, 9.0]).shows("present")] == [0.0, 1.0]
    # log(1 + 9)
    assert Worn().see([0.0, 9.0]).shows("level") == pytest.approx(math.log(10))
    # Counts beyond a million are as good as a million, below zero none.
    assert Worn().see([1e12]).shows("level") == pytest.approx(math.log(1e6 + 1))
    assert Worn().see([-5.0]).shows("level") == 0.0


def test_a_rise_is_forgotten_by_a_tenth_a_day() -> None:
    # 0 to 1 adds log 2; a day later 1 to 3 adds log 2 again: 0.9 log 2 + log 2.
    worn = Worn().see([0.0, 1.0, 3.0])
    assert worn.shows("rise") == pytest.approx(1.9 * math.log(2))
    assert worn.shows("rise", days_later=2) == pytest.approx(0.81 * 1.9 * math.log(2))
    # A fall adds nothing to the rise, and its size to the change.
    worn.see([1.0])
    assert worn.shows("rise") == pytest.approx(0.9 * 1.9 * math.log(2))
    assert worn.shows("change") == pytest.approx((0.9 * 1.9 + 1.0) * math.log(2))


def test_the_first_sight_is_no_rise() -> None:
    assert Worn().see([500.0]).shows("rise") == 0.0


def test_surprise_is_the_largest_lately() -> None:
    # -log10(1 - 0.99) = 2; a day later 1.8 is more than the new 1.
    worn = Worn().see([1.0], 0.99).see([1.0], 0.9)
    assert worn.shows("surprise") == pytest.approx(1.8)
    # No score is so high that it never fades.
    assert Worn().see([1.0], 1.0).shows("surprise") == pytest.approx(4.0)


def test_falls_are_restarts() -> None:
    assert Worn().see([1.0, 5.0, 0.0, 3.0]).shows("restart") == pytest.approx(0.9)


def test_closeness_is_the_share_of_the_limit() -> None:
    assert Worn().see([45.0]).shows("closeness", limit=60.0) == 0.75
    assert Worn().see([90.0]).shows("closeness", limit=60.0) == 1.0
    assert Worn().see([-90.0]).shows("closeness", limit=60.0) == 0.0


def test_a_flat_line_is_one_that_usually_moves() -> None:
    moving = Worn().see([float(day % 2) for day in range(20)])
    assert moving.shows("flat") == 0.0
    # Changes a day apart; the last one ten days ago: log 10.
    assert moving.shows("flat", days_later=10) == pytest.approx(math.log(10))


@pytest.mark.parametrize("sign", signs.SIGNS[2:8])
def test_a_constant_shows_nothing(sign: str) -> None:
    """Complaint: flat or constant series break detectors."""
    assert Worn().see([7.0] * 50).shows(sign, days_later=20) == 0.0


def test_a_trend_is_told_in_the_series_usual_distance() -> None:
    noise = np.random.default_rng(0).normal(0.0, 1.0, 60)
    calm, up, down = (Worn().see([*noise, *(noise[:5] + shift)]).shows("trend") for shift in (0.0, 8.0, -8.0))
    # The usual distance grows with the climb itself.
    assert up > calm + 1.0
    assert down < calm - 1.0


@pytest.mark.parametrize("scale", [2.0**-20, 2.0**20])
@pytest.mark.parametrize("sign", ["trend", "flat", "restart", "present"])
def test_the_unit_of_measure_does_not_matter_but_to_counts(sign: str, scale: float) -> None:
    values = np.random.default_rng(1).normal(5.0, 1.0, 40)
    assert Worn().see(values * scale).shows(sign) == Worn().see(values).shows(sign)


def test_where_a_growth_began_is_kept_for_people() -> None:
    worn = Worn().see([2.0] * 5 + [3.0, 3.0, 5.0])
    # It began with the sample after day 5, when the value was 2.
    assert worn.bank.arrays["grown_from"][0] == 2.0
    assert worn.day - worn.bank.arrays["grown_since_ms"][0] / DAY_MS == 3.0


def test_slots_do_not_see_each_other() -> None:
    rng = np.random.default_rng(2)
    values, scores = rng.normal(0.0, 3.0, (30, 50)), rng.random((30, 50))
    together, alone = SignBank(50), SignBank(50)
    for day in range(30):
        every, now_ms = np.arange(50), np.full(50, day * DAY_MS // 3)
        together.take(every, np.full(50, day), now_ms, values[day], values[day], scores[day])
        for slot in rng.permutation(50):
            one = np.array([slot])
            value = values[day][one]
            alone.take(one, np.array([day]), now_ms[:1], value, value, scores[day][one])
    for name, array in together.arrays.items():
        assert alone.arrays[name].tobytes() == array.tobytes(), name
