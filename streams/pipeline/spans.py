"""Spans: the times that events are about, as known at this place in the log. They exclude samples, or suppress alarms.

A value is excluded, which is not learned from, when the time that it was measured over touches a span of its series.
For most that is one instant; a rate was measured since the sample before, and an aggregated value since its step began.
A prediction is suppressed when the sample that sets it off lies in a span of its series.

Spans are bounded in number and in time: an event that nobody ends holds for a week, a deploy for a quarter of an hour,
and a day after its end, by event time, a span is forgotten.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from models.arrays import Flags, Ints
from models.layout import Arrays
from streams.events import Event, event_of
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import applies
from streams.pipeline.grid import AGGREGATED
from streams.pipeline.rows import Rows
from streams.schema import EventKind
from streams.settings.durations import DAY_MS, MINUTE_MS, WEEK_MS

SPANS_MAX = 1_000
OPEN_MS = WEEK_MS
DEPLOY_OPEN_MS = 15 * MINUTE_MS
"""Long enough for a restart and cold caches, and no longer: what a deploy broke is to be told."""
KEPT_MS = DAY_MS

UNASKED, OUTSIDE, INSIDE = -1, 0, 1
"""Whether a series is in a span's scope."""


class Spans:
    """The spans of one partition, by the ids of their events."""

    def __init__(self, catalog: Catalog, grid: Arrays) -> None:
        self.events: dict[str, Event] = {}
        self._catalog = catalog
        self._grid = grid
        self._index()

    def take(self, event: Event) -> str | None:
        """Let an event hold in the place of what was known under its id; says why not where there is no room."""
        if event.cancelled or not (_excludes(event) or event.suppress):
            self.events.pop(event.id, None)
        elif event.id in self.events or len(self.events) < SPANS_MAX:
            # Its texts are for people who read the samples topic.
            self.events[event.id] = replace(event, title="", description="")
        else:
            return f"{SPANS_MAX} events hold already, and nothing follows from this one; cancel some that are over"
        self._index()
        return None

    def has_old(self, watermark_ms: int) -> bool:
        """Whether there is a span to forget at this event time."""
        return bool((self._end_ms <= watermark_ms - KEPT_MS).any())

    def forget_old(self, watermark_ms: int) -> None:
        """Forget the spans that ended long enough before this event time."""
        self.events = {key: event for key, event in self.events.items() if end_ms(event) > watermark_ms - KEPT_MS}
        self._index()

    def forget_series(self, slot: int) -> None:
        """Another series may come into this slot."""
        for scope in self._scopes.values():
            scope[slot : slot + 1] = UNASKED

    def exclude(self, rows: Rows, step: Ints) -> Flags:
        """Which rows are not to be learned from, at these steps; the grid still holds each series' previous sample."""
        if not self._excluding.any():
            return np.zeros(len(rows), np.bool_)
        excluded, since_ms = np.zeros(len(rows), np.bool_), self._since_ms(rows, step)
        near = self._excluding & (self._start_ms <= rows.timestamp_ms.max()) & (self._end_ms > since_ms.min())
        for number in np.flatnonzero(near).tolist():
            within = (rows.timestamp_ms >= self._start_ms[number]) & (since_ms < self._end_ms[number])
            places = np.flatnonzero(within & ~excluded)
            excluded[places] = self._in_scope(number, rows.slot[places])
        return excluded

    def suppresses(self, slot: int, at_ms: int) -> bool:
        """Whether nobody is to be alarmed of a series at this time."""
        return bool(self._touching(self._suppressing, slot, at_ms, at_ms))

    def excluded_until_ms(self, slot: int, since_ms: int, until_ms: int) -> int | None:
        """When the last of the spans ends that exclude a part of this time for a series; None if there are none."""
        touching = self._touching(self._excluding, slot, since_ms, until_ms)
        return max([int(self._end_ms[number]) for number in touching], default=None)

    def dump(self) -> list[Any]:
        """In plain values."""
        return list(self.events.values())

    def load(self, events: list[Any]) -> None:
        """Put back what `dump` made, which may have been through JSON."""
        self.events = {event.id: event for event in map(event_of, events)}
        self._index()

    def _index(self) -> None:
        """Have the spans' times at hand as columns, in one order, and no scope that was asked for before."""
        spans = self.events.values()
        self._numbered = list(spans)
        self._start_ms = np.array([event.start_ms for event in spans], np.int64)
        self._end_ms = np.array([end_ms(event) for event in spans], np.int64)
        self._excluding = np.array([_excludes(event) for event in spans], np.bool_)
        self._suppressing = np.array([event.suppress for event in spans], np.bool_)
        self._scopes: dict[int, npt.NDArray[np.int8]] = {}

    def _touching(self, asked: Flags, slot: int, since_ms: int, until_ms: int) -> list[int]:
        """Those of the spans asked about that are of a series and touch this time, both of its ends in it."""
        if not self._numbered or not asked.any():
            return []
        near = asked & (self._start_ms <= until_ms) & (self._end_ms > since_ms)
        one = np.array([slot])
        return [number for number in np.flatnonzero(near).tolist() if self._in_scope(number, one)[0]]

    def _since_ms(self, rows: Rows, step: Ints) -> Ints:
        """When the measurement of each value began."""
        grid, slot = self._grid, rows.slot
        begin_ms = np.where(grid["status"][slot] == AGGREGATED, step * grid["step_ms"][slot], rows.timestamp_ms)
        return np.where(grid["counter"][slot] > 0, grid["last_sample_ms"][slot], begin_ms)

    def _in_scope(self, number: int, slots: Ints) -> Flags:
        scope = self._scopes.get(number, np.empty(0, np.int8))
        if len(scope) < len(self._grid["status"]):
            scope = np.concatenate((scope, np.full(len(self._grid["status"]) - len(scope), UNASKED, np.int8)))
            self._scopes[number] = scope
        for slot in slots[scope[slots] == UNASKED].tolist():
            is_inside = applies(self._numbered[number], self._catalog.entry(slot).key)
            scope[slot] = INSIDE if is_inside else OUTSIDE
        inside: Flags = scope[slots] == INSIDE
        return inside


def _excludes(event: Event) -> bool:
    return not event.learn


def end_ms(event: Event) -> int:
    """When an event is over, one that nobody ends included."""
    if event.end_ms is not None:
        return event.end_ms
    return event.start_ms + (DEPLOY_OPEN_MS if event.kind is EventKind.DEPLOY else OPEN_MS)
