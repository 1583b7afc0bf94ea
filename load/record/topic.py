"""Reading a topic between two sets of offsets, or until a deadline: no consumer group, nothing committed."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.cli.errors import BrokerUnavailableError
from streams.edge.reach import reaching
from streams.edge.topic_sample import partitions_of_topic

POLL_MS = 500
FETCH_BYTES = 1 << 20


class Fetched(NamedTuple):
    """One message."""

    partition: int
    offset: int
    value: bytes


@asynccontextmanager
async def reading(client: dict[str, Any], topic: str) -> AsyncIterator["TopicReader"]:
    """A reader of a topic, which must exist.

    Raises
    ------
    BrokerUnavailableError, NoSuchTopicError
    """
    consumer = AIOKafkaConsumer(**client, enable_auto_commit=False, max_partition_fetch_bytes=FETCH_BYTES)
    try:
        with reaching(client["bootstrap_servers"]):
            places = await partitions_of_topic(client, topic)
            await consumer.start()
        yield TopicReader(consumer, places)
    except (KafkaError, OSError) as error:
        servers = client["bootstrap_servers"]
        raise BrokerUnavailableError(f"can't read from the broker at {servers}: {error}") from error
    finally:
        await consumer.stop()


class TopicReader:
    """Reads parts of a topic."""

    def __init__(self, consumer: AIOKafkaConsumer, places: list[TopicPartition]) -> None:
        self._consumer = consumer
        self._places = places

    async def begins(self) -> dict[int, int]:
        """The first offset of each partition."""
        found = await self._consumer.beginning_offsets(self._places)
        return {place.partition: offset for place, offset in found.items()}

    async def ends(self) -> dict[int, int]:
        """The offset behind the last message of each partition."""
        found = await self._consumer.end_offsets(self._places)
        return {place.partition: offset for place, offset in found.items()}

    async def between(self, begins: Mapping[int, int], ends: Mapping[int, int]) -> AsyncGenerator[Fetched, None]:
        """Messages of each partition from one offset to before another, all partitions side by side."""
        left = {place for place in self._places if begins[place.partition] < ends[place.partition]}
        self._consumer.assign(sorted(left))
        for place in left:
            self._consumer.seek(place, begins[place.partition])
        while left:
            async for message in self._poll():
                if message.offset < ends[message.partition]:
                    yield message
            for place in list(left):
                if await self._consumer.position(place) >= ends[place.partition]:
                    self._consumer.pause(place)
                    left.discard(place)

    async def _poll(self) -> AsyncGenerator[Fetched, None]:
        fetched = await self._consumer.getmany(timeout_ms=POLL_MS)
        for place, records in fetched.items():
            for record in records:
                if record.value is not None:
                    yield Fetched(place.partition, record.offset, record.value)
