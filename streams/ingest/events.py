"""Ingest of the events topic: each event becomes a control record on every partition of the samples topic.

On every one, because its labels may match series of any entity.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streams.codecs.events import decode_event
from streams.codecs.faults import Fault
from streams.events import EventRecord, encode_event
from streams.ingest.packing import SourceLog
from streams.ingest.rows import Refusal
from streams.outputs.envelope import headers
from streams.outputs.rejects import excerpt_of
from streams.records import InputRecord, OutputRecord
from streams.schema import RecordKind, event_type
from streams.settings.limits import LimitSettings

_EVENT_TYPE = event_type(RecordKind.EVENT)


class Events(NamedTuple):
    """What came of messages of the events topic."""

    taken: list[EventRecord]
    refused: list[Refusal]


def read_events(
    source: tuple[str, int], records: Sequence[InputRecord], limits: LimitSettings, topic_id: str = ""
) -> Events:
    """Decode messages of one partition of the events topic."""
    events = Events([], [])
    for offset, payload in records:
        event = decode_event(payload, limits)
        if type(event) is Fault:
            excerpt = excerpt_of(payload or b"")
            events.refused.append(Refusal(offset, -1, event, excerpt=excerpt))
        else:
            events.taken.append(EventRecord(*source, offset, event, topic_id))
    return events


def broadcast(events: Sequence[EventRecord], samples_topic: str, partitions: int) -> Iterator[OutputRecord]:
    """The control records of all partitions of the samples topic."""
    for event in events:
        value = encode_event(event)
        key = f"{event.source_topic}/{event.source_partition}"
        source = SourceLog(event.source_topic, event.source_partition, event.source_topic_id)
        for partition in range(partitions):
            ce_id = f"{source.name}/{partition}/{event.offset}"
            yield OutputRecord(samples_topic, partition, key.encode(), value, headers(_EVENT_TYPE, ce_id))
