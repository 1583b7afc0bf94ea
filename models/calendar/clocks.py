"""Clocks: local time and special days, for many series of several time zones in one call.

A zone is a table of the instants at which its offset from UTC changes. The tables of all zones stand one behind the
other on a single axis, each in a span of its own, so that one binary search finds the offsets of a whole call:

    key = zone SPAN_MS + utc_ms,  local_ms = utc_ms + offset_ms[the last change at or before key]

A special day is a day of the local calendar, whatever the zone: one table has the class of each day. Zone 0 is UTC.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from models.arrays import Ints

DAY_MS: Final = 24 * 60 * 60 * 1000
DAYS: Final = 47_847
"""Days that the tables reach: from 1970 to 2100, both included."""

SPAN_MS: Final = 2**42
"""What a zone takes of the common axis."""

CLASSES_MAX: Final = 4
"""Classes of special days; ordinary days have class 0."""

assert DAYS * DAY_MS < SPAN_MS


class ZoneTable(NamedTuple):
    """One time zone: from `since_ms` (UTC, ascending, the first is 0) its clocks are `offset_ms` ahead of UTC."""

    since_ms: Ints
    offset_ms: Ints


UTC: Final = ZoneTable(np.zeros(1, np.int64), np.zeros(1, np.int64))


class Clocks:
    """UTC offsets of a few time zones, and classes of local days.

    Before 1970 and after 2100 a zone keeps the offset it has at that end, and all days are ordinary.

    Parameters
    ----------
    zones
        The tables of the zones, by their numbers. The first one is UTC.
    day_classes
        Of class 1, 2, ...: its days, counted from 1970-01-01. A day of several classes belongs to the first of them.
    """

    def __init__(self, zones: Sequence[ZoneTable], day_classes: Sequence[Ints]) -> None:
        assert not zones[0].offset_ms.any(), "zone 0 is UTC"
        assert len(day_classes) <= CLASSES_MAX
        self.zones = len(zones)
        self.has_calendar = bool(day_classes)
        self._keys = np.concatenate([_keys(number, zone) for number, zone in enumerate(zones)])
        self._offset_ms = np.concatenate([zone.offset_ms for zone in zones])
        self._class_of_day = _class_of_day(day_classes)

    @classmethod
    def utc(cls) -> "Clocks":
        """Only UTC, and only ordinary days."""
        return cls([UTC], [])

    def local_ms(self, zone: Ints, utc_ms: Ints) -> Ints:
        """What the clocks on the wall show, as milliseconds since 1970 as if it were UTC.

        Parameters
        ----------
        zone
            Numbers of zones.
        utc_ms
            Instants; the two broadcast. Where all zones are UTC the result may be this very array.
        """
        if self.zones == 1 or not zone.any():
            return _broadcast(utc_ms, zone)
        place = np.searchsorted(self._keys, zone * SPAN_MS + np.clip(utc_ms, 0, SPAN_MS - 1), side="right") - 1
        local_ms: Ints = utc_ms + self._offset_ms[place]
        return local_ms

    def day_class(self, zone: Ints, local_ms: Ints) -> Ints:
        """The classes of the days that these local times lie in, 0 for ordinary ones.

        Parameters
        ----------
        zone
            Numbers of zones. The days of a class are the same in all, each by its own clocks: only the shape matters.
        local_ms
            Local times, as `local_ms` gives them; the two broadcast.
        """
        if not self.has_calendar:
            return np.zeros(np.broadcast(zone, local_ms).shape, np.int64)
        # The table begins with the day before 1970 and ends with the day after 2100, for all days beyond.
        place = np.clip(local_ms // DAY_MS + 1, 0, DAYS + 1)
        return _broadcast(self._class_of_day[place], zone)


def _keys(number: int, zone: ZoneTable) -> Ints:
    assert zone.since_ms[0] == 0
    assert zone.since_ms[-1] < SPAN_MS
    assert (np.diff(zone.since_ms) > 0).all()
    return number * SPAN_MS + zone.since_ms


def _class_of_day(day_classes: Sequence[Ints]) -> Ints:
    """The class of each day, with one ordinary day before the first and after the last."""
    of_day = np.zeros(DAYS + 2, np.int64)
    for number, days in reversed(list(enumerate(day_classes, start=1))):
        assert ((days >= 0) & (days < DAYS)).all()
        of_day[days + 1] = number
    return of_day


def _broadcast(values: Ints, other: Ints) -> Ints:
    """Values in the shape that they and the other array have together."""
    shape = np.broadcast(values, other).shape
    return values if values.shape == shape else np.broadcast_to(values, shape)
