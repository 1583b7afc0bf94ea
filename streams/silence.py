"""Silence: what ingest says of a source partition that has nothing more to read, so that time goes on without it.

A pipeline's event time is that of its slowest source. One that says nothing, because the only host on it died, would
hold it back for ever. So ingest, which alone has a clock, writes into every partition of the samples topic::

    {"v": 1, "kind": "silence",
     "source": {"topic": "telemetry", "partition": 0, "topic_id": "Zp3kW..." | "", "next_offset": 18}}

It holds until the source says something again. As it stands in the log, a replay passes the source over at the same
place. One that comes late, from an ingest that has lost the partition, knows less of the source than the pipeline does
and is passed over itself: `next_offset` says how far the source had been read.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from streams.contract.records.silence import SilenceFields, SilenceSourceFields
from streams.schema import RecordKind

SILENCE_VERSION = 1
SILENCE_KIND = "silence"


@dataclass(frozen=True, slots=True)
class SilenceRecord:
    """A source partition had been read to before `next_offset`, and said nothing for a long time."""

    source_topic: str
    source_partition: int
    next_offset: int
    source_topic_id: str = ""


def encode_silence(record: SilenceRecord) -> bytes:
    """The control record as the samples topic carries it."""
    source: SilenceSourceFields = {
        "topic": record.source_topic,
        "partition": record.source_partition,
        "topic_id": record.source_topic_id,
        "next_offset": record.next_offset,
    }
    fields: SilenceFields = {"v": SILENCE_VERSION, "kind": RecordKind.SILENCE, "source": source}
    return orjson.dumps(fields)


def silence_record_of(fields: dict[str, Any]) -> SilenceRecord:
    """Read a control record back.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is none of this version: others can write to the samples topic too.
    """
    if fields["v"] != SILENCE_VERSION:
        raise ValueError(f"silence of version {fields['v']!r} is not known here")
    source = fields["source"]
    topic, partition, topic_id = source["topic"], source["partition"], source["topic_id"]
    if type(topic) is not str or type(topic_id) is not str:
        raise TypeError("silence of a topic that is none")
    if type(partition) is not int or type(source["next_offset"]) is not int:
        raise TypeError("silence of a partition that is none")
    return SilenceRecord(topic, partition, source["next_offset"], topic_id)
