"""The sample through the worker's own ingest and pipeline: what would be rejected, and why."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from streams.doctor.sample import TopicSample
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.schema import RecordKind
from streams.settings.model import Settings

MESSAGES_AT_ONCE = 500


class Refused(NamedTuple):
    """How many rows one reason refused, and what was said of the first."""

    rows: int
    reason: str
    detail: str


class Trial(NamedTuple):
    """What became of the sample's rows, and how many records there were of each kind."""

    samples: int
    refused: list[Refused]
    records: dict[str, int]


def try_out(sample: TopicSample, settings: Settings) -> Trial:
    """Run a configuration, of one partition, over the sample."""
    ingest, pipeline = Ingest(settings), PartitionPipeline(PipelineConfig.from_settings(settings))
    rows: defaultdict[str, int] = defaultdict(int)
    details: dict[str, str] = {}
    records: defaultdict[str, int] = defaultdict(int)
    offset = 0
    for partition, messages in _batches(sample):
        made = ingest.step(sample.topic, partition, messages)
        blocks = [record.value for record in made if record.topic == settings.topics.samples]
        made += pipeline.step([InputRecord(offset + place, value) for place, value in enumerate(blocks)])
        offset += len(blocks)
        for fields in _told(made):
            records[fields["kind"]] += 1
            if fields["kind"] == RecordKind.REJECT:
                rows[fields["reason"]] += fields["rows"]
                details.setdefault(fields["reason"], fields["detail"])
    refused = [Refused(count, reason, details[reason]) for reason, count in rows.items()]
    return Trial(ingest.samples, sorted(refused, key=lambda one: (-one.rows, one.reason)), dict(records))


def _batches(sample: TopicSample) -> Iterator[tuple[int, list[InputRecord]]]:
    """Messages of all partitions in turn, so that their event times go on together."""
    of_partition: defaultdict[int, list[InputRecord]] = defaultdict(list)
    for message in sample.messages:
        of_partition[message.partition].append(InputRecord(message.offset, message.value))
    longest = max(map(len, of_partition.values()), default=0)
    for start in range(0, longest, MESSAGES_AT_ONCE):
        for partition, messages in sorted(of_partition.items()):
            if part := messages[start : start + MESSAGES_AT_ONCE]:
                yield partition, part


def _told(records: list[OutputRecord]) -> Iterator[dict[str, Any]]:
    for record in records:
        if record.value is not None and dict(record.headers)["ce_type"] != b"dev.foreshock.samples.v1":
            yield orjson.loads(record.value)
