"""The limit: aiokafka's own consumer and orjson, and nothing else."""

import asyncio

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from load.bench.readings import Reading, Stopwatch
from load.bench.stalls import PATIENCE_S, StalledError
from load.bench.workload import PARTITIONS

FETCH_BYTES = 1 << 20
RECORDS_AT_ONCE = 5_000


def read_raw(bootstrap_servers: str, topic: str, messages: int) -> Reading:
    """Parse so many messages of the topic."""
    return asyncio.run(_read(bootstrap_servers, topic, messages))


async def _read(bootstrap_servers: str, topic: str, messages: int) -> Reading:
    stopwatch = Stopwatch(messages)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=FETCH_BYTES,
    )
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
        done = False
        while not done:
            fetched = await consumer.getmany(timeout_ms=int(PATIENCE_S * 1000), max_records=RECORDS_AT_ONCE)
            if not fetched:
                raise StalledError(f"raw aiokafka got {stopwatch.seen:,} of {messages:,} messages, and no more")
            for records in fetched.values():
                for record in records:
                    orjson.loads(record.value)
                done = stopwatch.count(len(records))
        return stopwatch.reading()
    finally:
        await consumer.stop()
