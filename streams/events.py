"""Events: what people and their tools know of a time, such as an incident, and what is to follow from it.

Senders put them on the events topic; ingest checks them and writes each into every partition of the samples topic,
where it stands as a control record among the blocks::

    {"v": 1, "kind": "event",
     "source": {"topic": "foreshock.events", "partition": 0, "topic_id": "Zp3kW..." | "", "offset": 17},
     "event": {"id": "INC-7", "kind": "incident", "start_ms": 1700000000000, "end_ms": null,   null: not known yet
               "metric": "*", "labels": {"host": "a"}, "learn": false, "cancelled": false,
               "title": "...", "description": "...", "suppress": false, "judge": true}}

Of an id the newest event is what holds, as a whole. It holds for the records behind it. Records of before there were
`suppress` and `judge` have those of their kind.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import orjson

from streams.contract.records.events import EventBodyFields, EventFields, EventSourceFields
from streams.schema import EventKind, RecordKind

EVENT_VERSION = 1
EVENT_KIND = "event"

INSTANT_MS_MAX = 2**53
"""Further from 1970 is no time at all, and JSON's readers disagree about the number."""

T = TypeVar("T")


class Effects(NamedTuple):
    """What follows from an event for its time: whether samples are learned, alarms kept back, predictions judged."""

    learn: bool
    suppress: bool
    judge: bool


EFFECTS = MappingProxyType(
    {
        EventKind.INCIDENT: Effects(learn=False, suppress=False, judge=True),
        EventKind.FAILURE: Effects(learn=False, suppress=False, judge=True),
        EventKind.MAINTENANCE: Effects(learn=False, suppress=True, judge=False),
        # What a deploy changes is there to stay; that it changes something is no news to whoever deploys.
        EventKind.DEPLOY: Effects(learn=True, suppress=True, judge=False),
        EventKind.EXCLUDE: Effects(learn=False, suppress=False, judge=False),
    }
)
"""What follows from each kind, unless the event says otherwise."""

assert EFFECTS.keys() == set(EventKind)


@dataclass(frozen=True, slots=True)
class Event:
    """One event, over the times from `start_ms` to before `end_ms`, of the series that `metric` and `labels` match."""

    id: str
    kind: EventKind
    start_ms: int
    end_ms: int | None
    metric: str
    labels: dict[str, str]
    learn: bool
    cancelled: bool
    title: str
    description: str
    suppress: bool = False
    judge: bool = False


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event as it stands in the samples topic, with the place that its message has in the events topic."""

    source_topic: str
    source_partition: int
    offset: int
    event: Event
    source_topic_id: str = ""


def encode_event(record: EventRecord) -> bytes:
    """The control record as the samples topic carries it."""
    source: EventSourceFields = {
        "topic": record.source_topic,
        "partition": record.source_partition,
        "topic_id": record.source_topic_id,
        "offset": record.offset,
    }
    told = fields_of(record.event)
    fields: EventFields = {"v": EVENT_VERSION, "kind": RecordKind.EVENT, "source": source, "event": told}
    return orjson.dumps(fields)


def fields_of(event: Event) -> EventBodyFields:
    """What `event_of` reads back."""
    return {
        "id": event.id,
        "kind": event.kind,
        "start_ms": event.start_ms,
        "end_ms": event.end_ms,
        "metric": event.metric,
        "labels": event.labels,
        "learn": event.learn,
        "cancelled": event.cancelled,
        "title": event.title,
        "description": event.description,
        "suppress": event.suppress,
        "judge": event.judge,
    }


def event_record_of(fields: dict[str, Any]) -> EventRecord:
    """Read a control record back.

    Raises
    ------
    KeyError, TypeError, ValueError, OverflowError
        If it is none of this version: others can write to the samples topic too.
    """
    if fields["v"] != EVENT_VERSION:
        raise ValueError(f"event of version {fields['v']!r} is not known here")
    source = fields["source"]
    return EventRecord(
        source_topic=_of(str, source["topic"]),
        source_partition=_of(int, source["partition"]),
        offset=_of(int, source["offset"]),
        event=event_of(fields["event"]),
        source_topic_id=_of(str, source.get("topic_id", "")),
    )


def event_of(fields: dict[str, Any]) -> Event:
    """Read what `asdict` made of an event, which may have been through JSON; raises as `event_record_of` does."""
    kind = EventKind(fields["kind"])
    usual = EFFECTS[kind]
    return Event(
        id=_of(str, fields["id"]),
        kind=kind,
        start_ms=_instant(fields["start_ms"]),
        end_ms=None if fields["end_ms"] is None else _instant(fields["end_ms"]),
        metric=_of(str, fields["metric"]),
        labels={_of(str, name): _of(str, text) for name, text in _of(dict, fields["labels"]).items()},
        learn=_of(bool, fields["learn"]),
        cancelled=_of(bool, fields["cancelled"]),
        title=_of(str, fields["title"]),
        description=_of(str, fields["description"]),
        suppress=_of(bool, fields.get("suppress", usual.suppress)),
        judge=_of(bool, fields.get("judge", usual.judge)),
    )


def _instant(cell: object) -> int:
    instant_ms = _of(int, cell)
    if abs(instant_ms) > INSTANT_MS_MAX:
        raise OverflowError(f"{instant_ms} is no time")
    return instant_ms


def _of(kind: type[T], cell: object) -> T:
    """The cell, which must be of that type and of no other: JSON's true is no number."""
    if type(cell) is not kind:
        raise TypeError(f"{cell!r:.80} where a value of type {kind.__name__} belongs")
    return cell
