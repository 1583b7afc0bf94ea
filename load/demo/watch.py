"""The prediction topics as any subscriber reads them: from the beginning, without a group."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from load.demo.board import Board
from streams.settings.topics import TopicSettings

POLL_MS = 200


def watched_topics(topics: TopicSettings) -> list[str]:
    """The topics to subscribe to."""
    told = [topics.forecasts, topics.capacity, topics.failures, topics.anomalies, topics.incidents]
    return [*told, topics.quality, topics.rejects]


async def watch(client: dict[str, Any], topics: TopicSettings, board: Board) -> None:
    """Keep the board up to date; runs until cancelled."""
    watched = watched_topics(topics)
    partitions = [TopicPartition(topic, partition) for topic in watched for partition in range(topics.partitions)]
    async with reading(client, partitions) as consumer:
        while True:
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                for record in records:
                    board.apply(record.key, record.value)


@asynccontextmanager
async def reading(client: dict[str, Any], partitions: list[TopicPartition]) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer at the beginning of these partitions."""
    consumer = AIOKafkaConsumer(**client, auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(partitions)
        yield consumer
    finally:
        await consumer.stop()
