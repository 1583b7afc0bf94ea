"""The events topic for people at a terminal: send one event, read all that are there."""

import asyncio

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from streams.cli.errors import UserError
from streams.edge.admin import REQUEST_SECONDS_MAX, UnfitTopicsError, partitions_of
from streams.records import InputRecord
from streams.settings.client import client_options
from streams.settings.model import Settings
from streams.topics import EVENT_PARTITIONS

PARTITION = 0
assert EVENT_PARTITIONS == 1, "an order of all events"

POLL_MS = 200


async def send_event(settings: Settings, event_id: str, message: bytes) -> int:
    """Put a message on the events topic, and return its offset once it is acknowledged.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached.
    UserError
        If the topic is missing, or the broker refuses; the message has its reason.
    """
    await _see_topic(settings)
    producer = AIOKafkaProducer(**client_options(settings), acks="all")
    try:
        async with asyncio.timeout(REQUEST_SECONDS_MAX):
            await producer.start()
            sent = await producer.send_and_wait(settings.topics.events, message, event_id.encode(), PARTITION)
    except (KafkaError, OSError, TimeoutError) as error:
        raise _refused("the event was not sent", error) from error
    finally:
        await producer.stop()
    offset: int = sent.offset
    return offset


async def read_event_messages(settings: Settings) -> list[InputRecord]:
    """All messages on the events topic, oldest first; raises as `send_event` does."""
    await _see_topic(settings)
    consumer = AIOKafkaConsumer(**client_options(settings), auto_offset_reset="earliest")
    try:
        async with asyncio.timeout(REQUEST_SECONDS_MAX):
            await consumer.start()
            return await _read_to_end(consumer, TopicPartition(settings.topics.events, PARTITION))
    except (KafkaError, OSError, TimeoutError) as error:
        raise _refused("the events can't be read", error) from error
    finally:
        await consumer.stop()


async def _read_to_end(consumer: AIOKafkaConsumer, place: TopicPartition) -> list[InputRecord]:
    consumer.assign([place])
    await consumer.seek_to_beginning(place)
    end, found = (await consumer.end_offsets([place]))[place], []
    while await consumer.position(place) < end:
        fetched = await consumer.getmany(place, timeout_ms=POLL_MS)
        found.extend([InputRecord(record.offset, record.value) for record in fetched.get(place, [])])
    return found


async def _see_topic(settings: Settings) -> None:
    """Without this a producer would wait for a topic that is missing, and some brokers would create it."""
    topic = settings.topics.events
    if await partitions_of(settings, topic) is None:
        raise UnfitTopicsError(f"topic {topic} is missing; `foreshock topics create` makes it")


def _refused(what: str, error: BaseException) -> UserError:
    return UserError(f"{what}: {str(error) or type(error).__name__}")
