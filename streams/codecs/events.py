"""Messages of the events topic: one JSON object each, a whole event::

    {"v": 1, "id": "INC-7", "kind": "incident", "start": "2026-01-08T02:00:00Z", "end": null,
     "metric": "*", "labels": {"host": "a"}, "learn": false, "suppress": false, "judge": true, "cancelled": false,
     "title": "...", "description": "..."}

`id`, `kind` and `start` must be there. A field that is not known is refused: were a misspelt `labels` passed over, the
event would be about everything.
"""

from collections.abc import Callable
from typing import Any

import orjson

from streams.codecs.document import EMPTY, parse
from streams.codecs.faults import Fault, wrong_type
from streams.codecs.fields import label_pairs
from streams.codecs.timestamps import timestamp_ms
from streams.events import EFFECTS, EVENT_VERSION, Event
from streams.rejects import RejectReason
from streams.schema import EventKind
from streams.settings.durations import DAY_MS, format_duration
from streams.settings.instants import format_instant
from streams.settings.limits import LimitSettings

EVENT_BYTES_MAX = 16_384
ID_BYTES_MAX = 256
SPAN_MS_MAX = 31 * DAY_MS
"""What is longer is the new normal, or a wrong year."""

SHOWN_CHARS_MAX = 80


def decode_event(payload: bytes | None, limits: LimitSettings) -> Event | Fault:
    """Read one message. Never raises."""
    if not payload:
        return EMPTY
    if len(payload) > EVENT_BYTES_MAX:
        detail = f"the event has {len(payload)} bytes, at most {EVENT_BYTES_MAX} are read"
        return Fault(RejectReason.MESSAGE_TOO_LARGE, detail)
    document = parse(payload)
    if type(document) is Fault:
        return document
    if type(document) is not dict:
        return Fault(RejectReason.UNKNOWN_FORMAT, "the event is no JSON object")
    event = _event_of(document)
    return event if type(event) is Fault else _believed(event, limits)


def event_message(event: Event) -> bytes:
    """The message that `decode_event` reads as this event."""
    fields = {
        "v": EVENT_VERSION,
        "id": event.id,
        "kind": event.kind,
        "start": format_instant(event.start_ms),
        "end": None if event.end_ms is None else format_instant(event.end_ms),
        **{name: getattr(event, name) for name in READERS if name not in ("id", "kind", "start", "end")},
    }
    return orjson.dumps(fields)


def _event_of(fields: dict[str, Any]) -> Event | Fault:
    if fields.get("v", EVENT_VERSION) != EVENT_VERSION:
        shown = _shown(str(fields["v"]))
        return Fault(RejectReason.UNKNOWN_FORMAT, f"the event has version {shown}, this release reads {EVENT_VERSION}")
    unknown = [name for name in fields if name not in READERS and name != "v"]
    if unknown:
        known = ", ".join(["v", *READERS])
        return Fault(RejectReason.UNKNOWN_FIELD, f"an event has no field {_shown(unknown[0])}; it may have {known}")
    read = {name: reader(name, fields.get(name)) for name, reader in READERS.items()}
    faults = [cell for cell in read.values() if type(cell) is Fault]
    return faults[0] if faults else _made(read)


def _made(read: dict[str, Any]) -> Event:
    usual = EFFECTS[read["kind"]]._asdict()
    effects = {name: default if read[name] is None else read[name] for name, default in usual.items()}
    return Event(
        id=read["id"],
        kind=read["kind"],
        start_ms=read["start"],
        end_ms=read["end"],
        metric="*" if read["metric"] is None else read["metric"],
        labels=dict(read["labels"]),
        cancelled=bool(read["cancelled"]),
        title=read["title"] or "",
        description=read["description"] or "",
        **effects,
    )


def _believed(event: Event, limits: LimitSettings) -> Event | Fault:
    """The event, if its parts go together and stay within the limits."""
    id_bytes, scope_bytes = len(event.id.encode()), _scope_bytes(event)
    if id_bytes > ID_BYTES_MAX:
        return Fault(RejectReason.NAME_TOO_LONG, f"the event's id has {id_bytes} bytes, at most {ID_BYTES_MAX} may be")
    if len(event.labels) > limits.labels_per_series:
        detail = f"the event names {len(event.labels)} labels, a series has at most {limits.labels_per_series}"
        return Fault(RejectReason.TOO_MANY_LABELS, f"{detail} (limits.labels_per_series)")
    if scope_bytes > limits.name_bytes:
        detail = f"the event's metric and labels have {scope_bytes} bytes, a series' name at most {limits.name_bytes}"
        return Fault(RejectReason.NAME_TOO_LONG, f"{detail} (limits.name_bytes)")
    return _time_fault(event, limits) or event


def _time_fault(event: Event, limits: LimitSettings) -> Fault | None:
    end_ms = event.start_ms if event.end_ms is None else event.end_ms
    if event.start_ms < limits.timestamp_min_ms or max(event.start_ms, end_ms) > limits.timestamp_max_ms:
        detail = "the event begins or ends when no sample is taken (limits.timestamp_min, limits.timestamp_max)"
        return Fault(RejectReason.TIMESTAMP_OUT_OF_RANGE, f"{detail}; is its unit what its size says?")
    if end_ms < event.start_ms:
        return Fault(RejectReason.BAD_EVENT, "the event ends before it starts")
    if end_ms - event.start_ms > SPAN_MS_MAX:
        detail = f"the event is longer than {format_duration(SPAN_MS_MAX)}; send one for each part of that time"
        return Fault(RejectReason.BAD_EVENT, detail)
    return None


def _scope_bytes(event: Event) -> int:
    return len(event.metric.encode()) + sum([len((name + text).encode()) for name, text in event.labels.items()])


def _needed(read: Callable[[str, object], Any]) -> Callable[[str, object], Any]:
    def needed(name: str, raw: object) -> Any:
        if raw is None:
            detail = f"the event has no {name} (absent or null); each message is the whole event"
            return Fault(RejectReason.MISSING_FIELD, detail)
        return read(name, raw)

    return needed


def _text(name: str, raw: object) -> str | Fault | None:
    return raw if raw is None or type(raw) is str else wrong_type(name, raw, "a string")


def _id(name: str, raw: object) -> str | Fault | None:
    return Fault(RejectReason.BAD_EVENT, "the event's id is empty") if raw == "" else _text(name, raw)


def _kind(name: str, raw: object) -> EventKind | Fault:
    if type(raw) is not str:
        return wrong_type(name, raw, "a string")
    if raw not in {kind.value for kind in EventKind}:
        return Fault(RejectReason.BAD_EVENT, f"the event's kind is {_shown(raw)}, known are {', '.join(EventKind)}")
    return EventKind(raw)


def _truth(name: str, raw: object) -> bool | Fault | None:
    return raw if raw is None or type(raw) is bool else wrong_type(name, raw, "true or false")


def _instant(name: str, raw: object) -> int | Fault | None:
    read = None if raw is None else timestamp_ms(raw)
    return Fault(read.reason, f"{name}: {read.detail}") if type(read) is Fault else read


def _labels(_name: str, raw: object) -> Any:
    return label_pairs(raw)


def _shown(text: str) -> str:
    return repr(text[:SHOWN_CHARS_MAX])


READERS: dict[str, Callable[[str, object], Any]] = {
    "id": _needed(_id),
    "kind": _needed(_kind),
    "start": _needed(_instant),
    "end": _instant,
    "metric": _text,
    "labels": _labels,
    "learn": _truth,
    "suppress": _truth,
    "judge": _truth,
    "cancelled": _truth,
    "title": _text,
    "description": _text,
}
