"""Records as they arrive on a topic. Counting them needs no end offset, which not every broker tells right."""

import time
from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord

from load.bench.stalls import PATIENCE_S
from load.bench.workload import PARTITIONS

POLL_MS = 50


async def arrivals(client: dict[str, Any], topic: str) -> AsyncIterator[list[ConsumerRecord]]:
    """What has arrived since the last look, maybe nothing; ends when nothing has come for `PATIENCE_S`."""
    consumer = AIOKafkaConsumer(**client, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
        arrived_s = time.monotonic()
        while time.monotonic() - arrived_s < PATIENCE_S:
            fetched = await consumer.getmany(timeout_ms=POLL_MS)
            records = [record for of_partition in fetched.values() for record in of_partition]
            if records:
                arrived_s = time.monotonic()
            yield records
    finally:
        await consumer.stop()
