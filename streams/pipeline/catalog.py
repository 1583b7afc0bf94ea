"""The catalogue: which series sits in which slot, under a named limit.

Free slots are handed out lowest first, so that the same input fills the same slots. The catalogue also knows an
entity's series by metric: rules look for a limit there.
"""

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from streams.series import SeriesKey, parse_series, series_name


@dataclass(frozen=True, slots=True)
class Entry:
    """One series of the partition."""

    name: str
    key: SeriesKey
    entity: str
    source_topic: str


class Catalog:
    """Series and their slots, at most `series_max`."""

    def __init__(self, series_max: int) -> None:
        self.series_max = series_max
        self.slots: dict[str, int] = {}
        self.entries: list[Entry | None] = []
        self._free: list[int] = []
        self._by_entity: defaultdict[str, defaultdict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))

    @property
    def is_full(self) -> bool:
        """Whether a newcomer needs another series' slot."""
        return len(self.slots) >= self.series_max

    def entry(self, slot: int) -> Entry:
        """The series in a slot that is taken."""
        entry = self.entries[slot]
        assert entry is not None, f"slot {slot} is free"
        return entry

    def allot(self, entry: Entry) -> int:
        """Give a new series the lowest free slot."""
        assert not self.is_full
        assert entry.name not in self.slots
        slot = heapq.heappop(self._free) if self._free else len(self.entries)
        if slot == len(self.entries):
            self.entries.append(None)
        self._put(slot, entry)
        return slot

    def release(self, slot: int) -> Entry:
        """Free a slot; returns the series that was there."""
        entry = self.entry(slot)
        self.entries[slot] = None
        heapq.heappush(self._free, slot)
        del self.slots[entry.name]
        of_entity = self._by_entity[entry.entity]
        del of_entity[entry.key.metric][entry.name]
        if not of_entity[entry.key.metric]:
            del of_entity[entry.key.metric]
        if not of_entity:
            del self._by_entity[entry.entity]
        return entry

    def of_entity(self, entity: str) -> list[int]:
        """The slots of an entity's series."""
        return [slot for slots in self._by_entity.get(entity, {}).values() for slot in slots.values()]

    def of_metric(self, entity: str, metric: str) -> list[int]:
        """The slots of an entity's series of one metric."""
        of_entity = self._by_entity.get(entity)
        return list(of_entity[metric].values()) if of_entity and metric in of_entity else []

    def same_labels(self, slot: int, metric: str) -> int | None:
        """The series of `metric` with all the labels of the series in `slot`, and no others."""
        entry = self.entry(slot)
        other = self.slots.get(series_name(SeriesKey(metric, entry.key.labels)))
        return other if other is not None and self.entry(other).entity == entry.entity else None

    def limit_slot(self, slot: int, metric: str) -> int | None:
        """The series of `metric` that limits the series in `slot`.

        It has the same labels; else it is the only one of that metric in the entity whose labels the series has too.
        """
        same_labels = self.same_labels(slot, metric)
        if same_labels is not None:
            return same_labels
        entry = self.entry(slot)
        labels = set(entry.key.labels)
        fitting = [
            other for other in self.of_metric(entry.entity, metric) if labels.issuperset(self.entry(other).key.labels)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def dump(self) -> list[Any]:
        """All slots in plain values."""
        return [entry and [entry.name, entry.entity, entry.source_topic] for entry in self.entries]

    def load(self, entries: list[Any]) -> None:
        """Fill an empty catalogue with what `dump` made."""
        self.entries = [None] * len(entries)
        for slot, fields in enumerate(entries):
            if fields is None:
                heapq.heappush(self._free, slot)
            else:
                name, entity, source_topic = fields
                self._put(slot, Entry(name, parse_series(name), entity, source_topic))

    def _put(self, slot: int, entry: Entry) -> None:
        self.entries[slot] = entry
        self.slots[entry.name] = slot
        self._by_entity[entry.entity][entry.key.metric][entry.name] = slot
