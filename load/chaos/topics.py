"""All that lies on the topics of a run, read once, for the checker."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from load.verify.compare import KINDS, Prediction
from load.verify.topics import records_of
from streams.checkpoint import restore
from streams.records import InputRecord
from streams.settings.model import Settings

Place = tuple[str, int]
"""A partition of a topic."""


class Reject(NamedTuple):
    """A record of the rejects topic. A row may have several."""

    key: str
    value: str


@dataclass(slots=True)
class Topics:
    """What a run left: sources and samples as logs, the changelog by its newest values, predictions, rejects.

    `deleted` is what was on source topics when they were deleted, time after time.
    """

    sources: dict[Place, list[InputRecord]] = field(default_factory=lambda: defaultdict(list))
    deleted: list[dict[Place, list[InputRecord]]] = field(default_factory=list)
    samples: dict[int, list[InputRecord]] = field(default_factory=lambda: defaultdict(list))
    changelog: dict[int, dict[bytes, bytes]] = field(default_factory=lambda: defaultdict(dict))
    predictions: list[Prediction] = field(default_factory=list)
    rejects: set[Reject] = field(default_factory=set)

    @property
    def records(self) -> int:
        """How many records were read."""
        logs = [*self.sources.values(), *self.samples.values(), *self.changelog.values()]
        return sum(map(len, logs)) + len(self.predictions) + len(self.rejects)


async def read_topics(client: dict[str, Any], settings: Settings) -> Topics:
    """Read all topics of these settings from their beginnings to their ends."""
    found = Topics()
    for topic in [*[source.topic for source in settings.sources], settings.topics.events]:
        found.sources.update(await read_source(client, topic))
    found.samples = await read_samples(client, settings)
    async for record in records_of(client, settings.topics.state):
        _keep_newest(found.changelog[record.partition], record.key, record.value)
    for kind in KINDS:
        async for record in records_of(client, f"{settings.topics.prefix}.{kind}"):
            headers = tuple([(name, value.decode()) for name, value in record.headers])
            value = None if record.value is None else record.value.decode()
            found.predictions.append(Prediction(kind, record.key.decode(), value, headers))
    async for record in records_of(client, settings.topics.rejects):
        found.rejects.add(Reject(record.key.decode(), record.value.decode()))
    return found


async def read_source(client: dict[str, Any], topic: str) -> dict[Place, list[InputRecord]]:
    """The logs of a source topic, as they are now."""
    found: dict[Place, list[InputRecord]] = defaultdict(list)
    async for record in records_of(client, topic):
        found[topic, record.partition].append(InputRecord(record.offset, record.value))
    return found


async def read_samples(client: dict[str, Any], settings: Settings) -> dict[int, list[InputRecord]]:
    """The samples log of each partition, as it is now."""
    found: dict[int, list[InputRecord]] = {partition: [] for partition in range(settings.topics.partitions)}
    async for record in records_of(client, settings.topics.samples):
        found[record.partition].append(InputRecord(record.offset, record.value))
    return found


async def durable_offsets(client: dict[str, Any], settings: Settings) -> dict[int, int]:
    """The offset that the durable state of each partition has reached."""
    changelog: dict[int, dict[bytes, bytes]] = defaultdict(dict)
    async for record in records_of(client, settings.topics.state):
        _keep_newest(changelog[record.partition], record.key, record.value)
    found = {partition: restore(records) for partition, records in changelog.items()}
    return {partition: state.manifest.next_offset for partition, state in found.items() if state is not None}


async def delete_samples(client: dict[str, Any], settings: Settings, before: Mapping[int, int]) -> None:
    """Delete the records of samples partitions before these offsets, as retention does."""
    admin = AIOKafkaAdminClient(**client)
    try:
        await admin.start()
        places = {TopicPartition(settings.topics.samples, partition): at for partition, at in before.items()}
        await admin.delete_records({place: RecordsToDelete(offset) for place, offset in places.items()})
    finally:
        await admin.close()


def with_earlier(
    samples: Mapping[int, list[InputRecord]], earlier: Mapping[int, list[InputRecord]]
) -> dict[int, list[InputRecord]]:
    """Logs with what was read from them before their beginnings were deleted."""
    return {
        partition: sorted({record.offset: record for record in [*earlier.get(partition, []), *log]}.values())
        for partition, log in samples.items()
    }


def _keep_newest(newest: dict[bytes, bytes], key: bytes, value: bytes | None) -> None:
    if value is None:
        newest.pop(key, None)
    else:
        newest[key] = value
