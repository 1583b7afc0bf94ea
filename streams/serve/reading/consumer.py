"""What is read, and the client that reads it: within bounds of memory, and in nobody's group."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer

from streams.settings.client import client_options
from streams.settings.model import Settings

FETCH_BYTES = 8 * 2**20
PARTITION_FETCH_BYTES = 2**20
RECORDS_AT_ONCE = 500


def prediction_topics(settings: Settings) -> tuple[str, ...]:
    """The compacted topics, which are read from their beginning."""
    topics = settings.topics
    return (*(topics.forecasts, topics.quality, topics.capacity, topics.failures, topics.anomalies, topics.incidents),)


def timed_topics(settings: Settings) -> tuple[str, ...]:
    """The topics of which only the newest is read."""
    return settings.topics.samples, settings.topics.rejects


@asynccontextmanager
async def consumer_of(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    """A client without a group."""
    consumer = AIOKafkaConsumer(
        **client_options(settings),
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_bytes=FETCH_BYTES,
        max_partition_fetch_bytes=PARTITION_FETCH_BYTES,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()
