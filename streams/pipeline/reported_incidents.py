"""Incidents that people report, kept until every entity that they may be about has come to their time.

One may be reported long before the samples of its time: of a recording all are known from the beginning.
"""

from collections.abc import Iterator
from typing import Any

from streams.events import Event, event_of
from streams.pipeline.spans import KEPT_MS, end_ms
from streams.series import Labels, parse_series

REPORTED_MAX = 1_000
"""Beyond it those that began first are forgotten."""


class ReportedIncidents:
    """Incidents by the ids of their events; of an id the newest one holds."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self._awaited_ids: set[str] = set()
        """Those of them whose time event time has not come to since they were reported, as far as that was asked."""
        self._by_label: dict[tuple[str, str], list[Event]] = {}

    def take(self, event: Event) -> None:
        """Keep an incident, in the place of what was reported under its id."""
        self.events.pop(event.id, None)
        if not event.cancelled and event.labels:
            self.events[event.id] = event
            self._awaited_ids.add(event.id)
        if len(self.events) > REPORTED_MAX:
            del self.events[min(self.events.values(), key=lambda each: (each.start_ms, each.id)).id]
        self._tidy()

    def about(self, entity: str, now_ms: int) -> Iterator[Event]:
        """The incidents of an entity that have begun by now, in the order of their begin."""
        if not self.events:
            return
        labels = parse_series(entity).labels
        found = {
            event.id: event for pair in labels for event in self._by_label.get(pair, ()) if event.start_ms <= now_ms
        }
        for event in sorted(found.values(), key=lambda each: (each.start_ms, each.id)):
            if is_about(event, labels):
                yield event

    def has_begun(self, watermark_ms: int) -> bool:
        """Whether event time has come to that of an awaited one."""
        return any(event.start_ms <= watermark_ms for event in self._awaited())

    def come_to(self, watermark_ms: int) -> list[Event]:
        """The awaited ones whose time event time has come to: whoever is silent will not come to it by itself."""
        found = [event for event in self._awaited() if event.start_ms <= watermark_ms]
        self._awaited_ids.difference_update([event.id for event in found])
        return found

    def has_old(self, watermark_ms: int) -> bool:
        """Whether there is one to forget at this event time."""
        return any(end_ms(event) <= watermark_ms - KEPT_MS for event in self.events.values())

    def forget_old(self, watermark_ms: int) -> None:
        """Forget those that ended long enough before this event time."""
        self.events = {key: event for key, event in self.events.items() if end_ms(event) > watermark_ms - KEPT_MS}
        self._tidy()

    def dump(self) -> list[Any]:
        """In plain values: each incident, and whether it is awaited."""
        return [[event, event.id in self._awaited_ids] for event in self.events.values()]

    def load(self, items: list[Any]) -> None:
        """Put back what `dump` made, which may have been through JSON."""
        read = [(event_of(fields), is_awaited) for fields, is_awaited in items]
        self.events = {event.id: event for event, _ in read}
        self._awaited_ids = {event.id for event, is_awaited in read if is_awaited}
        self._tidy()

    def _awaited(self) -> list[Event]:
        return [event for event in self.events.values() if event.id in self._awaited_ids]

    def _tidy(self) -> None:
        """Have what is known of incidents follow from those that are there."""
        self._awaited_ids.intersection_update(self.events)
        self._by_label = {}
        for event in self.events.values():
            for pair in event.labels.items():
                self._by_label.setdefault(pair, []).append(event)


def is_about(event: Event, labels: Labels) -> bool:
    """Whether an incident is an entity's: it names the entity, or what the entity is part of."""
    named, own = set(event.labels.items()), set(labels)
    return bool(own and named) and (own <= named or named <= own)
