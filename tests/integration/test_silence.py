"""A source partition whose only host has died does not hold the others back: its ingest tells the pipelines."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson

from load.brokers.broker import Broker
from load.verify.topics import records_of
from load.verify.worker_process import WorkerProcess
from streams.edge.admin import create_topics
from streams.settings.load import load_settings
from tests.integration.topic_io import create_topic, fill

WITHIN_S = 60.0
POLL_S = 0.5
MINUTE_MS = 60_000
BEGIN_MS = 1_700_000_040_000
MINUTES = 30
DIES_AT = 6
LATENESS = 10
assert LATENESS > DIES_AT  # So nothing closes before both have told the time.


def test_steps_of_the_living_close_though_a_partition_says_nothing_any_more(
    broker: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    config = tmp_path / "foreshock.yaml"
    source = {"step": "1m", "aggregate": "mean", "lateness_steps": LATENESS, "silent_after": "2s"}
    document = {
        "broker": {"session_timeout": "6s", "bootstrap_servers": [broker.bootstrap_servers]},
        "topics": {"prefix": topic_prefix, "partitions": 1},
        "sources": [source | {"topic": f"{topic_prefix}-t"}],
        "forecast": {"horizon": 2, "emit_every": 1},
        "worker": {"metrics": {"port": 0}},
    }
    config.write_bytes(orjson.dumps(document))
    asyncio.run(seen_to_go_on(config))


async def seen_to_go_on(config: Path) -> None:
    settings = load_settings(config, {})
    (servers,), topic = settings.broker.bootstrap_servers, settings.sources[0].topic
    await create_topics(settings)
    await create_topic(servers, topic, 2)
    both = [sample(host, minute) for minute in range(DIES_AT) for host in ("living", "dead")]
    await fill(servers, topic, 2, both)
    worker = WorkerProcess(config, {}, config.with_suffix(".log"))
    await worker.start()
    try:
        # Both have told the time, so that the dead one is waited for.
        await until(worker, lambda: told(servers, settings.topics.samples))
        await fill(servers, topic, 1, [sample("living", minute) for minute in range(DIES_AT, MINUTES)])
        await until(worker, lambda: goes_on(servers, settings.topics.forecasts))
        await worker.stop()
    finally:
        await worker.end()


def sample(host: str, minute: int) -> bytes:
    timestamp_ms = BEGIN_MS + minute * MINUTE_MS
    return orjson.dumps({"metric": "cpu", "labels": {"host": host}, "timestamp": timestamp_ms, "value": minute % 3})


async def until(worker: WorkerProcess, seen: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await seen():
            worker.check()
            await asyncio.sleep(POLL_S)


async def told(servers: str, samples: str) -> bool:
    """Whether both source partitions have told their time."""
    blocks = [orjson.loads(record.value) async for record in records_of({"bootstrap_servers": servers}, samples)]
    return len({block["source"]["partition"] for block in blocks if block.get("watermark_ms")}) == 2


async def goes_on(servers: str, forecasts: str) -> bool:
    """Whether the living host is forecast from the last step that can be closed."""
    found = [orjson.loads(record.value) async for record in records_of({"bootstrap_servers": servers}, forecasts)]
    last_ms = max([each["origin_ms"] for each in found if each["labels"] == {"host": "living"}], default=0)
    return last_ms == BEGIN_MS + (MINUTES - 1 - LATENESS - 1) * MINUTE_MS
