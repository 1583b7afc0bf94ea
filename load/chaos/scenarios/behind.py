"""Half of the source's partitions are a day behind when the worker starts: it catches up, and the others stay fresh.

How fresh: from when a sample was on the telemetry topic to when the forecast that follows from it was on its own, by
the broker's clock.
"""

import asyncio
from typing import Any

import numpy as np
import orjson
from aiokafka import AIOKafkaProducer

from load.chaos.scenarios.scenario import READY_WITHIN_S, Nodes, Scenario, finished
from load.chaos.telemetry import Telemetry
from load.chaos.verdict import Verdict
from load.chaos.world import HOSTS, SETTLE_WITHIN_S, World
from load.verify.topics import records_of

ROUNDS_AN_HOUR = 60
LATE_HOSTS = 128
LATE_PARTITIONS = (0, 1)
WORKS_S = 20.0
CATCH_UP_S_PER_HOUR = 60.0
"""More than a busy machine takes for an hour of the backlog; a quiet one takes three seconds."""


async def _run(world: World, _nodes: Nodes) -> Verdict:
    late = await _fill(world)
    clock = asyncio.get_running_loop().time
    began_s = clock()
    # The feed's hosts report on all partitions: those of the first two stand behind the backlog.
    world.feed.start()
    await world.crew.start()
    await world.progress(READY_WITHIN_S)
    ready_s = clock()
    await world.ingested_up_to(late, max(SETTLE_WITHIN_S, world.size * CATCH_UP_S_PER_HOUR))
    caught_up_s = clock()
    await asyncio.sleep(WORKS_S)
    verdict = await finished(world)
    fresh, stale = await _ages(world)
    samples = sum(late.values())
    world.say(f"{samples:,} messages of {world.size} hours behind: read {caught_up_s - ready_s:.1f} s after the start")
    for name, ages_s in (("partitions in time", fresh), ("partitions behind", stale)):
        shown = ", ".join([f"{share} % below {np.percentile(ages_s, share):.2f} s" for share in (50, 99)])
        world.say(f"from sample to forecast, {name}: {shown}, at most {max(ages_s):.2f} s ({len(ages_s):,} forecasts)")
    world.say(f"the worker was ready {ready_s - began_s:.1f} s after it was started")
    return verdict


async def _fill(world: World) -> dict[int, int]:
    """Write the backlog; the messages of each partition."""
    telemetry = Telemetry(world.chance.randrange(2**31), LATE_HOSTS, len(LATE_PARTITIONS), first_host=HOSTS)
    written = dict.fromkeys(LATE_PARTITIONS, 0)
    async with AIOKafkaProducer(**world.client, acks="all", linger_ms=20, max_batch_size=1 << 18) as producer:
        for _ in range(world.size * ROUNDS_AN_HOUR):
            for partition, key, value in telemetry.round():
                await producer.send(world.source, value, key=key, partition=LATE_PARTITIONS[partition])
                written[LATE_PARTITIONS[partition]] += 1
    return written


async def _ages(world: World) -> tuple[list[float], list[float]]:
    """Seconds from sample to forecast: of hosts on partitions in time, and of the feed's others."""
    sent_ms: dict[tuple[str, int], tuple[int, int]] = {}
    async for record in records_of(world.client, world.source):
        for host, timestamp_ms in _told(record.value):
            sent_ms[host, timestamp_ms] = record.timestamp, record.partition
    fresh, stale = list[float](), list[float]()
    async for record in records_of(world.client, world.settings.topics.forecasts):
        forecast = orjson.loads(record.value)
        host = forecast["labels"]["host"]
        told = sent_ms.get((host, forecast["last_sample_at_ms"]))
        if told is not None and int(host.rpartition("-")[2]) < HOSTS:
            (stale if told[1] in LATE_PARTITIONS else fresh).append((record.timestamp - told[0]) / 1000)
    return fresh, stale


def _told(payload: bytes) -> list[tuple[str, int]]:
    """Host and time of a sound message."""
    try:
        document: dict[str, Any] = orjson.loads(payload)
        host, timestamp_ms = document["labels"]["host"], document["timestamp"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return []
    return [(host, timestamp_ms)] if isinstance(host, str) and isinstance(timestamp_ms, int) else []


BEHIND = Scenario("behind", "half of the partitions are a day behind (size: hours)", _run, size=24, short=2, workers=1)
