"""Filling and reading topics in tests."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from streams.edge.topic_sample import partitions_of_topic


async def create_topic(bootstrap_servers: str, topic: str, partitions: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, partitions, 1)])
    finally:
        await admin.close()


async def make_anew(bootstrap_servers: str, topic: str, partitions: int) -> None:
    """Delete a topic, and make it again at once."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await admin.delete_topics([topic])
        await admin.create_topics([NewTopic(topic, partitions, 1)])
    finally:
        await admin.close()


async def delete_topics(bootstrap_servers: str, prefix: str) -> None:
    """Delete all topics whose names begin so."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await admin.delete_topics([topic for topic in await admin.list_topics() if topic.startswith(prefix)])
    finally:
        await admin.close()


async def fill(bootstrap_servers: str, topic: str, partitions: int, values: Iterable[bytes]) -> None:
    """Send values to the partitions in turn, and wait until all are acknowledged."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, linger_ms=10, max_batch_size=1 << 17)
    await producer.start()
    try:
        for place, value in enumerate(values):
            await producer.send(topic, value, partition=place % partitions)
    finally:
        await producer.stop()


async def ends(bootstrap_servers: str, topic: str, partitions: int) -> list[int]:
    """The end offset of every partition."""
    async with _reader(bootstrap_servers) as consumer:
        found = await consumer.end_offsets([TopicPartition(topic, partition) for partition in range(partitions)])
    return [found[TopicPartition(topic, partition)] for partition in range(partitions)]


async def latest_by_key(bootstrap_servers: str, topic: str, partition: int) -> dict[bytes, bytes]:
    """A partition as compaction would leave it: the latest value of every key, tombstones gone."""
    found: dict[bytes, bytes] = {}
    place = TopicPartition(topic, partition)
    async with _reader(bootstrap_servers) as consumer:
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        end = (await consumer.end_offsets([place]))[place]
        while await consumer.position(place) < end:
            for record in (await consumer.getmany(place, timeout_ms=500)).get(place, ()):
                if record.value is None:
                    found.pop(record.key, None)
                else:
                    found[record.key] = record.value
    return found


async def everything(bootstrap_servers: str, topic: str) -> AsyncIterator[tuple[bytes, bytes | None, dict[str, str]]]:
    """Key, value and headers of each record of a topic, partition by partition."""
    async with _reader(bootstrap_servers) as consumer:
        places = await partitions_of_topic({"bootstrap_servers": bootstrap_servers}, topic)
        for place, end in (await consumer.end_offsets(places)).items():
            consumer.assign([place])
            await consumer.seek_to_beginning(place)
            while await consumer.position(place) < end:
                for record in (await consumer.getmany(place, timeout_ms=500)).get(place, ()):
                    yield record.key, record.value, {name: text.decode() for name, text in record.headers}


@asynccontextmanager
async def _reader(bootstrap_servers: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, max_partition_fetch_bytes=1 << 22)
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()
