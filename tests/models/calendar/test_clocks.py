"""Clocks: offsets by zone and instant, classes of days, and what a call with nothing to do costs."""

from datetime import date

import numpy as np
import pytest

from models.arrays import Ints
from models.calendar.clocks import CLASSES_MAX, DAY_MS, DAYS, SPAN_MS, UTC, Clocks, ZoneTable

HOUR_MS = 3_600_000


def ints(*values: int) -> Ints:
    return np.array(values, np.int64)


# Three hours ahead; from hour 100 four, from hour 200 three again.
SUMMER = ZoneTable(ints(0, 100, 200) * HOUR_MS, ints(3, 4, 3) * HOUR_MS)
BEHIND = ZoneTable(ints(0), ints(-5) * HOUR_MS)


def test_the_tables_reach_from_1970_to_2100() -> None:
    assert date.fromordinal(date(1970, 1, 1).toordinal() + DAYS) == date(2101, 1, 1)


def test_an_offset_holds_from_its_change_on() -> None:
    utc_ms = np.array([0, 100 * HOUR_MS - 1, 100 * HOUR_MS, 200 * HOUR_MS - 1, 200 * HOUR_MS, 5_000 * HOUR_MS])
    local_ms = Clocks([UTC, SUMMER], []).local_ms(ints(1), utc_ms)
    assert (local_ms - utc_ms).tolist() == [h * HOUR_MS for h in (3, 3, 4, 4, 3, 3)]


def test_each_instant_is_read_in_its_own_zone() -> None:
    clocks = Clocks([UTC, SUMMER, BEHIND], [])
    assert clocks.zones == 3
    assert clocks.local_ms(ints(2, 1, 0), ints(150, 150, 150) * HOUR_MS).tolist() == [
        hour * HOUR_MS for hour in (145, 154, 150)
    ]


@pytest.mark.parametrize("utc_ms", [-1, -(2**60), SPAN_MS, 2**60])
def test_beyond_the_tables_a_zone_keeps_its_offset(utc_ms: int) -> None:
    local_ms = Clocks([UTC, SUMMER, BEHIND], []).local_ms(ints(0, 1, 2), ints(utc_ms))
    assert (local_ms - utc_ms).tolist() == [0, 3 * HOUR_MS, -5 * HOUR_MS]


@pytest.mark.parametrize("zones", [[UTC], [UTC, SUMMER]])
def test_shapes_broadcast(zones: list[ZoneTable]) -> None:
    clocks = Clocks(zones, [ints(2)])
    for zone, time_ms, shape in [((3, 1), (3, 4), (3, 4)), ((3, 1), (4,), (3, 4)), ((), (2,), (2,)), ((2,), (), (2,))]:
        numbers, times = np.zeros(zone, np.int64), np.full(time_ms, 2 * DAY_MS)
        for number in range(len(zones)):
            assert clocks.local_ms(numbers + number, times).shape == shape
        assert clocks.day_class(numbers, times).shape == shape
        assert Clocks.utc().day_class(numbers, times).shape == shape


@pytest.mark.parametrize("clocks", [Clocks.utc(), Clocks([UTC, SUMMER], [])])
def test_utc_costs_nothing(clocks: Clocks) -> None:
    utc_ms = ints(1, 2, 3)
    assert clocks.local_ms(np.zeros(3, np.int64), utc_ms) is utc_ms


def test_without_a_calendar_all_days_are_ordinary() -> None:
    assert not Clocks.utc().has_calendar
    assert Clocks.utc().day_class(ints(0), np.arange(5) * DAY_MS).tolist() == [0] * 5


def test_a_day_has_its_class_from_its_first_to_its_last_millisecond() -> None:
    clocks = Clocks([UTC], [ints(3)])
    assert clocks.has_calendar
    local_ms = ints(3 * DAY_MS - 1, 3 * DAY_MS, 4 * DAY_MS - 1, 4 * DAY_MS)
    assert clocks.day_class(ints(0), local_ms).tolist() == [0, 1, 1, 0]


def test_a_day_of_two_classes_has_the_first() -> None:
    clocks = Clocks([UTC], [ints(1, 2), ints(2, 3), ints(5), ints(1, 3, 4)])
    assert clocks.day_class(ints(0), np.arange(7) * DAY_MS).tolist() == [0, 1, 1, 2, 4, 3, 0]


def test_days_at_both_ends_may_be_special_and_none_beyond() -> None:
    clocks = Clocks([UTC], [ints(0, DAYS - 1)])
    days = ints(-(10**6), -1, 0, 1, DAYS - 2, DAYS - 1, DAYS, 10**6)
    assert clocks.day_class(ints(0), days * DAY_MS).tolist() == [0, 0, 1, 0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("zones", "day_classes"),
    [
        ([SUMMER], []),
        ([UTC, ZoneTable(ints(1), ints(0))], []),
        ([UTC, ZoneTable(ints(0, SPAN_MS), ints(0, 1))], []),
        ([UTC, ZoneTable(ints(0, 5, 5), ints(0, 1, 2))], []),
        ([UTC], [ints(-1)]),
        ([UTC], [ints(DAYS)]),
        ([UTC], [ints(1)] * (CLASSES_MAX + 1)),
    ],
)
def test_tables_that_can_not_be_searched_are_refused(zones: list[ZoneTable], day_classes: list[Ints]) -> None:
    with pytest.raises(AssertionError):
        Clocks(zones, day_classes)
