"""The clocks of the settings: rules of time zones and calendars, written out as the tables that models read.

A zone's rules say the offset at an instant. Its changes are found by asking at each day's beginning, and between two
days of different offsets by bisection.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from models.arrays import Ints
from models.calendar.clocks import DAYS, Clocks, ZoneTable
from streams.settings.calendar import CalendarClass
from streams.settings.days import day_of_month
from streams.settings.sources import SourceSettings
from streams.settings.zones import UTC_NAME, zone_info

DAY_S = 24 * 60 * 60
"""Since 1970 no zone has changed its offset twice within six days, so a step of one day misses nothing."""

_MILLISECOND = timedelta(milliseconds=1)


def zone_numbers(sources: Sequence[SourceSettings]) -> dict[str, int]:
    """The zones of the sources by name: UTC is 0, the others follow in the order of the alphabet."""
    others = sorted({source.timezone for source in sources} - {UTC_NAME})
    return {name: number for number, name in enumerate([UTC_NAME, *others])}


def clocks_of(zones: Sequence[str], calendar: Sequence[CalendarClass]) -> Clocks:
    """The clocks of these zones, the first of which is UTC, and of these special days."""
    return Clocks([zone_table(name) for name in zones], [days_of(special) for special in calendar])


@cache
def zone_table(name: str) -> ZoneTable:
    """All changes of a zone's offset from 1970 to 2100."""
    zone = zone_info(name)
    since_s = [0, *_changes_s(zone)]
    offset_ms = [_offset(zone, instant_s) // _MILLISECOND for instant_s in since_s]
    return ZoneTable(1000 * np.array(since_s, np.int64), np.array(offset_ms, np.int64))


def days_of(special: CalendarClass) -> Ints:
    """The days of a class, as days since 1970-01-01."""
    if special.dates is not None:
        return np.array(sorted(special.dates), np.int64)
    # A day is one of the last n of its month where n days later it is one of the first n of the next.
    later = special.last_days_of_month or 0
    length = special.first_days_of_month or later
    return np.array([day for day in range(DAYS) if day_of_month(day + later) <= length], np.int64)


def _changes_s(zone: ZoneInfo) -> Iterator[int]:
    days_s = range(0, (DAYS + 1) * DAY_S, DAY_S)
    offsets = map(partial(_offset, zone), days_s)
    for (before_s, before), (after_s, after) in pairwise(zip(days_s, offsets, strict=True)):
        if before != after:
            yield _change_s(zone, before_s, after_s)


def _change_s(zone: ZoneInfo, before_s: int, after_s: int) -> int:
    """The first second of the offset that holds at `after_s`, and not at `before_s`."""
    new = _offset(zone, after_s)
    while after_s - before_s > 1:
        middle_s = (before_s + after_s) // 2
        if _offset(zone, middle_s) == new:
            after_s = middle_s
        else:
            before_s = middle_s
    return after_s


def _offset(zone: ZoneInfo, instant_s: int) -> timedelta:
    offset = datetime.fromtimestamp(instant_s, zone).utcoffset()
    assert offset is not None  # a ZoneInfo always knows it
    return offset
