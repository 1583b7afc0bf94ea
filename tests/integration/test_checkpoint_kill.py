"""kill -9, again and again, amid 200,000 messages: nothing is lost and nothing counted twice."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from load.brokers.broker import Broker
from streams.checkpoint import restore
from streams.edge.admin import create_topics
from streams.settings.model import Settings
from tests.integration.counting import PARTITIONS, CountingPipeline, settings_of
from tests.integration.topic_io import create_topic, ends, fill, latest_by_key

KILLS = 3
MESSAGES = 200_000
MESSAGES_A_LIFE = MESSAGES // (KILLS + 1)
READY_WITHIN_S = 60.0

Process = asyncio.subprocess.Process


def test_killed_workers_lose_and_double_nothing(broker: Broker, topic_prefix: str) -> None:
    asyncio.run(check_kills(settings_of(broker.bootstrap_servers, topic_prefix, f"{topic_prefix}-source")))


async def check_kills(settings: Settings) -> None:
    [bootstrap_servers], [source] = settings.broker.bootstrap_servers, [one.topic for one in settings.sources]
    await create_topic(bootstrap_servers, source, PARTITIONS)
    await create_topics(settings)
    killed_amid_work = 0
    chance = random.Random(7)
    for life in range(KILLS + 1):
        await fill(bootstrap_servers, source, PARTITIONS, [b"message"] * MESSAGES_A_LIFE)
        async with worker_process(settings) as process:
            if life < KILLS:
                await progress(settings, process)
                await asyncio.sleep(chance.uniform(0.0, 0.7))
                process.send_signal(signal.SIGKILL)
                await process.wait()
                killed_amid_work += await counted(settings) < (life + 1) * MESSAGES_A_LIFE
            else:
                await all_counted(settings, process)
                process.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(process.wait(), 20)
        assert code == (-signal.SIGKILL if life < KILLS else 0)
    assert killed_amid_work
    for partition in range(PARTITIONS):
        pipeline = await durable_pipeline(settings, partition)
        assert pipeline is not None
        count = MESSAGES // PARTITIONS
        assert (pipeline.holes, pipeline.count, pipeline.total) == (0, count, count * (count - 1) // 2)


@asynccontextmanager
async def worker_process(settings: Settings) -> AsyncIterator[Process]:
    [bootstrap_servers], [source] = settings.broker.bootstrap_servers, settings.sources
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "tests.integration.counting", bootstrap_servers, settings.topics.prefix, source.topic],
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def progress(settings: Settings, process: Process) -> None:
    """Wait until this life of the worker has published something."""
    before = await published(settings)
    deadline = time.monotonic() + READY_WITHIN_S
    while await published(settings) == before:
        assert process.returncode is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "the worker publishes nothing"
        await asyncio.sleep(0.05)


async def published(settings: Settings) -> int:
    """Records on the forecasts topic."""
    [bootstrap_servers] = settings.broker.bootstrap_servers
    return sum(await ends(bootstrap_servers, settings.topics.forecasts, PARTITIONS))


async def all_counted(settings: Settings, process: Process) -> None:
    """Wait until the durable state has counted as many messages as were sent."""
    deadline = time.monotonic() + READY_WITHIN_S
    while (count := await counted(settings)) < MESSAGES:
        assert process.returncode is None, "the worker ended by itself"
        assert time.monotonic() < deadline, f"only {count} of {MESSAGES} messages were counted"
        await asyncio.sleep(0.5)


async def counted(settings: Settings) -> int:
    """Messages that the durable state has counted."""
    pipelines = [await durable_pipeline(settings, partition) for partition in range(PARTITIONS)]
    return sum([pipeline.count for pipeline in pipelines if pipeline])


async def durable_pipeline(settings: Settings, partition: int) -> CountingPipeline | None:
    [bootstrap_servers] = settings.broker.bootstrap_servers
    restored = restore(await latest_by_key(bootstrap_servers, settings.topics.state, partition))
    if restored is None:
        return None
    pipeline = CountingPipeline(settings.topics.forecasts)
    pipeline.load(restored.sections)
    assert pipeline.next_offset == restored.manifest.next_offset
    return pipeline
