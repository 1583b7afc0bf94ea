"""A topic for people at a terminal: all that holds on it now."""

import asyncio

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.cli.errors import UserError
from streams.edge.admin import REQUEST_SECONDS_MAX, UnfitTopicsError, partitions_of
from streams.settings.client import client_options
from streams.settings.model import Settings

POLL_MS = 200


async def read_newest(settings: Settings, topic: str) -> dict[bytes, bytes]:
    """The newest value of each key, those without one left out.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached.
    UserError
        If the topic is missing, or the broker refuses; the message has its reason.
    """
    count = await partitions_of(settings, topic)
    if count is None:
        raise UnfitTopicsError(f"topic {topic} is missing; `foreshock topics create` makes it")
    consumer = AIOKafkaConsumer(**client_options(settings), auto_offset_reset="earliest")
    try:
        async with asyncio.timeout(REQUEST_SECONDS_MAX):
            await consumer.start()
        return await _read(consumer, [TopicPartition(topic, partition) for partition in range(count)])
    except (KafkaError, OSError, TimeoutError) as error:
        raise UserError(f"{topic} can't be read: {str(error) or type(error).__name__}") from error
    finally:
        await consumer.stop()


async def _read(consumer: AIOKafkaConsumer, places: list[TopicPartition]) -> dict[bytes, bytes]:
    """What lies before the ends that the partitions have now."""
    consumer.assign(places)
    await consumer.seek_to_beginning(*places)
    ends = await consumer.end_offsets(places)
    newest: dict[bytes, bytes | None] = {}
    while left := [place for place in places if await consumer.position(place) < ends[place]]:
        async with asyncio.timeout(REQUEST_SECONDS_MAX):
            fetched = await consumer.getmany(*left, timeout_ms=POLL_MS)
        for of_place in fetched.values():
            newest.update([(record.key, record.value) for record in of_place])
    return {key: value for key, value in newest.items() if value is not None}
