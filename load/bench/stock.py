"""Stock Faust as its documentation shows it: JSON values, and an agent that does nothing."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import faust

from load.bench.readings import Reading, Stopwatch
from load.bench.stalls import PATIENCE_S, StalledError

STOP_S = 10.0
SESSION_S = 6.0  # as the worker's
POLL_S = 0.5


def read_stock(bootstrap_servers: str, topic: str, group: str, messages: int) -> Reading:
    """Pass so many messages of the topic through the agent of an app that is new to the broker."""
    logging.getLogger().setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="foreshock-bench-") as directory:
        return asyncio.run(_read(bootstrap_servers, topic, group, messages, directory))


async def _read(bootstrap_servers: str, topic: str, group: str, messages: int, directory: str) -> Reading:
    stopwatch, done = Stopwatch(messages), asyncio.Event()
    app = faust.App(
        group,
        broker=f"kafka://{bootstrap_servers}",
        broker_session_timeout=SESSION_S,
        broker_heartbeat_interval=SESSION_S / 3,
        value_serializer="json",
        store="memory://",
        datadir=directory,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
    )

    @app.agent(app.topic(topic))
    async def empty(stream: Any) -> None:
        async for _ in stream:
            if stopwatch.count(1):
                done.set()

    async with _running(app):
        await _until(done, stopwatch)
    return stopwatch.reading()


@asynccontextmanager
async def _running(app: faust.App) -> AsyncIterator[None]:
    task = asyncio.create_task(app.start())
    try:
        yield
    finally:
        await asyncio.wait_for(app.stop(), STOP_S)
        await asyncio.wait([task], timeout=STOP_S)


async def _until(done: asyncio.Event, stopwatch: Stopwatch) -> None:
    seen, still_s = 0, 0.0
    while not done.is_set():
        await asyncio.sleep(POLL_S)
        still_s = still_s + POLL_S if stopwatch.seen == seen else 0.0
        seen = stopwatch.seen
        if still_s >= PATIENCE_S:
            raise StalledError(f"stock Faust got {seen:,} of {stopwatch.total:,} messages, and no more")
