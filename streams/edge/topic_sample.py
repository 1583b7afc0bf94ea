"""The newest messages of a topic, for those who want to look at it: no consumer group, nothing committed."""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from streams.cli.errors import BrokerUnavailableError, ExitCode, UserError
from streams.doctor.sample import Message, TopicSample
from streams.edge.reach import reaching
from streams.near import did_you_mean

CONNECT_SECONDS_MAX = 10.0
READ_SECONDS_MAX = 60.0
POLL_MS = 500
SAMPLE_BYTES_MAX = 256 * 2**20
"""Held in memory at most; what lies further back is not read."""


class NoSuchTopicError(UserError):
    """There is no topic of that name."""

    exit_code = ExitCode.USAGE


async def sample_topic(client: dict[str, Any], topic: str, messages_max: int) -> TopicSample:
    """Read at most so many messages, the newest of each partition in equal parts.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached.
    NoSuchTopicError
        If it has no such topic.
    """
    consumer = AIOKafkaConsumer(**client, enable_auto_commit=False)
    try:
        with reaching(client["bootstrap_servers"]):
            async with asyncio.timeout(CONNECT_SECONDS_MAX):
                places = await partitions_of_topic(client, topic)
                brokers = await _brokers(client)
                await consumer.start()
        async with asyncio.timeout(READ_SECONDS_MAX):
            return await _sample(consumer, places, messages_max, brokers)
    except (KafkaError, OSError, TimeoutError) as error:
        raise unreachable(client, error) from error
    finally:
        await consumer.stop()


async def partitions_of_topic(client: dict[str, Any], topic: str) -> list[TopicPartition]:
    """The partitions of a topic, in order; raises `NoSuchTopicError`, which says what may be meant."""
    admin = AIOKafkaAdminClient(**client)
    try:
        await admin.start()
        # Asking for a topic by name creates it on some brokers.
        present = await admin.list_topics()
        if topic not in present:
            raise NoSuchTopicError(f"the broker has no topic {topic!r}{did_you_mean(topic, present)}")
        (described,) = await admin.describe_topics([topic])
    finally:
        await admin.close()
    return [TopicPartition(topic, number) for number in sorted(one["partition"] for one in described["partitions"])]


def unreachable(client: dict[str, Any], error: BaseException) -> BrokerUnavailableError:
    """What is said where the broker does not answer."""
    what = str(error) or type(error).__name__
    return BrokerUnavailableError(f"can't read from Kafka at {client['bootstrap_servers']}: {what}")


async def _brokers(client: dict[str, Any]) -> int:
    """How many brokers the cluster has."""
    admin = AIOKafkaAdminClient(**client)
    try:
        await admin.start()
        return len((await admin.describe_cluster())["brokers"])
    finally:
        await admin.close()


async def _sample(
    consumer: AIOKafkaConsumer, places: list[TopicPartition], messages_max: int, brokers: int
) -> TopicSample:
    begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    share = max(1, messages_max // max(1, len(places)))
    found: list[Message] = []
    consumer.assign(places)
    for place in places:
        consumer.pause(place)
    for place in places:
        begin = max(begins[place], ends[place] - share)
        consumer.seek(place, begin)
        consumer.resume(place)
        found += await _read(consumer, place, ends[place], SAMPLE_BYTES_MAX // len(places))
        consumer.pause(place)
    held = sum(ends[place] - begins[place] for place in places)
    return TopicSample(places[0].topic, len(places), held, found, brokers)


async def _read(consumer: AIOKafkaConsumer, place: TopicPartition, end: int, bytes_max: int) -> list[Message]:
    found: list[Message] = []
    size = 0
    while await consumer.position(place) < end and size < bytes_max:
        for record in (await consumer.getmany(place, timeout_ms=POLL_MS)).get(place, ()):
            found.append(Message(place.partition, record.offset, record.key, record.value, record.timestamp))
            size += len(record.value or b"")
    return found
