"""The rival: aiokafka's own consumer that reads the same changelog to its end and keeps nothing."""

import asyncio
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.edge.limits import TransportLimits

PATIENCE_MS = 60_000


@dataclass(frozen=True, slots=True)
class RawRead:
    """How much was read, in how many seconds from the connection on."""

    records: int
    payload_bytes: int
    seconds: float
    cpu_s: float


def read_raw(bootstrap_servers: str, topic: str, partitions: int) -> RawRead:
    """Read a topic in a fresh interpreter, in which nothing else runs."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_read_here, bootstrap_servers, topic, partitions).result()


def _read_here(bootstrap_servers: str, topic: str, partitions: int) -> RawRead:
    return asyncio.run(_read(bootstrap_servers, topic, partitions))


async def _read(bootstrap_servers: str, topic: str, partitions: int) -> RawRead:
    limits = TransportLimits()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=limits.fetch_bytes,
    )
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in range(partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        begun_s, cpu_s, records, payload_bytes = time.perf_counter(), time.process_time(), 0, 0
        unread = {place for place in places if ends[place]}
        while unread:
            fetched = await consumer.getmany(timeout_ms=PATIENCE_MS, max_records=limits.batch_records)
            assert fetched, f"nothing came of {topic} for {PATIENCE_MS} ms"
            for of_place in fetched.values():
                records += len(of_place)
                payload_bytes += sum([len(each.key) + len(each.value or b"") for each in of_place])
            unread = {place for place in unread if await consumer.position(place) < ends[place]}
        return RawRead(records, payload_bytes, time.perf_counter() - begun_s, time.process_time() - cpu_s)
    finally:
        await consumer.stop()
