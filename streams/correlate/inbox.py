"""The inbox: signals wait here until every samples partition has passed their minute.

So it makes no difference how the samples partitions' records interleave in the log. A row that comes later than its own
partition's time counts in the first minute that this partition could still have had open; that, too, is a matter of one
partition's order alone.

The wait is bounded: when too much has piled up behind a partition that says nothing, the oldest minute is gone through
without it. Only then does the interleaving matter, and only to what that partition says later.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from models.arrays import Ints
from streams.signals import MINUTE_MS, Notice, SignalRecord, notice_of

WAITING_MAX = 2_000_000
"""Rows and notices that wait at most."""


class Spoken(NamedTuple):
    """A series that is far out, and speaks for its entity; `far` is what lasts of it."""

    entity: int
    metric: int
    series: str
    far: float


class Rows(NamedTuple):
    """How far entities' metrics are out, in eighths of a doubling; shapes (n,). Entities by slot, metrics by number."""

    entity: Ints
    metric: Ints
    level: Ints

    def at(self, places: Ints) -> "Rows":
        """Some of the rows."""
        return Rows(self.entity[places], self.metric[places], self.level[places])


NO_ROWS = Rows(*[np.empty(0, np.int64)] * 3)


@dataclass(slots=True)
class Minute:
    """What came of one minute, in the order of its coming."""

    parts: list[Rows] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def rows(self) -> Rows:
        """All rows."""
        return Rows(*map(np.concatenate, zip(*self.parts, strict=True))) if self.parts else NO_ROWS

    def size(self) -> int:
        """How much room it takes, in rows."""
        return sum([len(part.level) for part in self.parts]) + len(self.notices)


class Inbox:
    """Signals that wait, how far each samples partition has been read, and how far its time has come."""

    def __init__(self, partitions: int) -> None:
        self.partitions = partitions
        self.done_minute: int | None = None
        """The last minute that was gone through."""
        self.repeated = 0
        """Records that came again; no part of the state."""
        self._positions: dict[int, int] = {}
        self._times_ms: dict[int, int] = {}
        self._minutes: defaultdict[int, Minute] = defaultdict(Minute)
        self._waiting = 0

    @property
    def time_ms(self) -> int | None:
        """Event time: the least of the samples partitions'; None before all have said theirs."""
        return min(self._times_ms.values()) if len(self._times_ms) >= self.partitions else None

    def is_news(self, record: SignalRecord) -> bool:
        """Whether a record did not come before; notes it as taken."""
        is_news = record.position > self._positions.get(record.partition, -1)
        if is_news:
            self._positions[record.partition] = record.position
        else:
            self.repeated += 1
        return is_news

    def take(self, record: SignalRecord, entity: Ints, metric: Ints) -> None:
        """Let a record wait: its entities have these slots and its metrics these numbers; -1 is one without a place."""
        first_open = self._first_open(record.partition)
        rows = Rows(entity[record.entity_of], metric[record.metric_of], record.level)
        housed = (rows.entity >= 0) & (rows.metric >= 0)
        minute = np.maximum(record.minute, first_open)
        for number in np.unique(minute[housed]).tolist():
            places = np.flatnonzero(housed & (minute == number))
            self._minutes[number].parts.append(Rows(*[column[places] for column in rows]))
            self._waiting += len(places)
        for speaker in record.speaker:
            if housed[speaker.row]:
                at = int(rows.entity[speaker.row]), int(rows.metric[speaker.row])
                self._minutes[int(minute[speaker.row])].spoken.append(Spoken(*at, speaker.series, speaker.far))
        for notice in record.notices:
            self._minutes[max(notice.at_ms // MINUTE_MS, first_open)].notices.append(notice)
        self._waiting += len(record.notices)
        if record.watermark_ms is not None:
            before_ms = self._times_ms.get(record.partition, record.watermark_ms)
            self._times_ms[record.partition] = max(before_ms, record.watermark_ms)

    def ready(self, is_busy: Callable[[], bool]) -> Iterator[tuple[int, Minute]]:
        """Minutes to go through, in order: those that all partitions have passed, and those that can't wait.

        Minutes in which nothing came are among them while `is_busy`: an incident ends by the time alone.
        """
        while self._minutes:
            first = min(self._minutes)
            time_ms = self.time_ms
            is_passed = time_ms is not None and (first + 1) * MINUTE_MS <= time_ms
            if not is_passed and self._waiting <= WAITING_MAX:
                break
            yield from self._empty_before(first, is_busy)
            minute = self._minutes.pop(first)
            self._waiting -= minute.size()
            self.done_minute = first
            yield first, minute
        if self.time_ms is not None:
            yield from self._empty_before(self.time_ms // MINUTE_MS, is_busy)

    def _empty_before(self, minute: int, is_busy: Callable[[], bool]) -> Iterator[tuple[int, Minute]]:
        """The minutes before this one in which nothing came, as long as they may matter; the others are passed over."""
        while self.done_minute is not None and self.done_minute < minute - 1:
            self.done_minute = self.done_minute + 1 if is_busy() else minute - 1
            if is_busy():
                yield self.done_minute, Minute()

    def _first_open(self, partition: int) -> int:
        """The first minute that may be open as far as this partition's own time goes."""
        time_ms = self._times_ms.get(partition)
        first = -(2**62) if time_ms is None else time_ms // MINUTE_MS
        # Minutes that could not wait are over, too.
        is_behind = self.done_minute is not None and first <= self.done_minute
        return self.done_minute + 1 if is_behind and self.done_minute is not None else first

    def dump(self) -> list[Any]:
        """What waits, in plain values: a part of a minute each."""
        items: list[Any] = []
        for number, minute in sorted(self._minutes.items()):
            items += [{"minute": number, "rows": [column.tolist() for column in part]} for part in minute.parts]
            items += [{"minute": number, "spoken": list(spoken)} for spoken in minute.spoken]
            items += [{"minute": number, "notice": notice._asdict()} for notice in minute.notices]
        return items

    def load(self, items: list[Any]) -> None:
        """Put back what `dump` made, once it has been through JSON."""
        for item in items:
            minute = self._minutes[item["minute"]]
            if "rows" in item:
                minute.parts.append(Rows(*[np.array(column, np.int64) for column in item["rows"]]))
            elif "spoken" in item:
                minute.spoken.append(Spoken(*item["spoken"]))
            else:
                minute.notices.append(notice_of(item["notice"]))
        self._waiting = sum([minute.size() for minute in self._minutes.values()])

    def dump_places(self) -> dict[str, Any]:
        """How far everything has come, in plain values."""
        return {
            "done_minute": self.done_minute,
            "positions": sorted(self._positions.items()),
            "times_ms": sorted(self._times_ms.items()),
        }

    def load_places(self, places: dict[str, Any]) -> None:
        """Put back what `dump_places` made."""
        self.done_minute = places["done_minute"]
        self._positions = dict(places["positions"])
        self._times_ms = dict(places["times_ms"])
