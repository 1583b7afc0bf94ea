"""Reading whole topics, and how far consumer groups have come."""

from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError
from aiokafka.structs import ConsumerRecord


async def records_of(client: dict[str, Any], topic: str) -> AsyncIterator[ConsumerRecord]:
    """Every record that is on a topic now, each partition's in order."""
    consumer = AIOKafkaConsumer(**client, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in await _partitions(consumer, topic)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        unread = {place for place in places if ends[place]}
        while unread:
            for records in (await consumer.getmany(*unread, timeout_ms=500)).values():
                for record in records:
                    yield record
            unread = {place for place in unread if await consumer.position(place) < ends[place]}
    finally:
        await consumer.stop()


async def lag(client: dict[str, Any], group: str, topic: str) -> int:
    """Records of a topic that a group has not committed."""
    consumer, admin = AIOKafkaConsumer(**client), AIOKafkaAdminClient(**client)
    try:
        await consumer.start()
        await admin.start()
        places = [TopicPartition(topic, number) for number in await _partitions(consumer, topic)]
        ends, committed = await consumer.end_offsets(places), await _committed(admin, group)
        return sum(ends[place] - committed.get(place, 0) for place in places)
    finally:
        await admin.close()
        await consumer.stop()


async def _committed(admin: AIOKafkaAdminClient, group: str) -> dict[TopicPartition, int]:
    try:
        found = await admin.list_consumer_group_offsets(group)
    except GroupCoordinatorNotAvailableError:
        return {}  # the cluster's first group is on its way
    return {place: max(position.offset, 0) for place, position in found.items()}


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[int]:
    await consumer._client.force_metadata_update()  # noqa: SLF001  # a topic made a moment ago is not known yet
    return sorted(consumer.partitions_for_topic(topic) or ())
