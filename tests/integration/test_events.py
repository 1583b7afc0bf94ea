"""Maintenance that was announced on the events topic keeps its spike out of the forecast."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from load.brokers.broker import Broker
from load.verify.topics import records_of
from load.verify.worker_process import WorkerProcess
from streams.edge.admin import create_topics
from streams.settings.load import load_settings
from streams.settings.model import Settings
from tests.integration.topic_io import create_topic, ends, fill

WITHIN_S = 60.0
POLL_S = 0.3
PARTITIONS = 2
MINUTE_MS = 60_000
BEGIN_MS = 1_700_000_040_000
CALM, SPIKE = 50.0, 5_000.0
MINUTES, SPIKED = 60, range(40, 60)


@pytest.fixture
def settings(broker: Broker, config: Path) -> Settings:
    return load_settings(config, {"FORESHOCK_BROKER__BOOTSTRAP_SERVERS": broker.bootstrap_servers})


@pytest.fixture
def config(topic_prefix: str, tmp_path: Path) -> Path:
    path = tmp_path / "foreshock.yaml"
    path.write_text(
        "broker: {session_timeout: 6s}\n"
        f"topics: {{prefix: {topic_prefix}, partitions: {PARTITIONS}}}\n"
        f"sources: [{{topic: {topic_prefix}-telemetry, step: 1m}}]\n"
        "forecast: {horizon: 4, emit_every: 1}\n"
    )
    return path


@pytest.mark.parametrize(("announced", "low", "high"), [(True, CALM - 5, CALM + 5), (False, SPIKE / 2, SPIKE * 2)])
def test_a_spike_in_announced_maintenance_is_not_learned(
    settings: Settings, config: Path, announced: bool, low: float, high: float
) -> None:
    log = config.with_suffix(".log")
    forecasts = asyncio.run(forecasts_after([maintenance()] if announced else [], settings, config, log))
    assert [forecast["origin_ms"] for forecast in forecasts] == [minute_ms(minute) for minute in range(1, MINUTES)]
    medians = [forecast["quantiles"][0][4] for forecast in forecasts]
    assert CALM - 5 < medians[SPIKED.start - 2] < CALM + 5
    assert low < medians[-1] < high
    assert forecasts[-1]["samples_seen"] == MINUTES - announced * len(SPIKED)


def minute_ms(minute: int) -> int:
    return BEGIN_MS + minute * MINUTE_MS


def maintenance() -> bytes:
    span = {"start": minute_ms(SPIKED.start), "end": minute_ms(SPIKED.stop)}
    return orjson.dumps({"id": "CHG-1", "kind": "maintenance", "labels": {"host": "a"}, **span})


def telemetry() -> list[bytes]:
    values = [SPIKE if minute in SPIKED else CALM + minute % 3 for minute in range(MINUTES)]
    of_host = {"metric": "cpu", "labels": {"host": "a"}}
    return [orjson.dumps(of_host | {"timestamp": minute_ms(at), "value": value}) for at, value in enumerate(values)]


async def forecasts_after(events: list[bytes], settings: Settings, config: Path, log: Path) -> list[dict[str, Any]]:
    """What a worker forecasts when these events come before the telemetry."""
    (servers,), topics = settings.broker.bootstrap_servers, settings.topics
    await create_topics(settings)
    await create_topic(servers, settings.sources[0].topic, 1)
    worker = WorkerProcess(config, {"FORESHOCK_BROKER__BOOTSTRAP_SERVERS": servers}, log)
    await worker.start()
    try:
        await fill(servers, topics.events, 1, events)
        await come(worker, servers, topics.samples, PARTITIONS * len(events))
        await fill(servers, settings.sources[0].topic, 1, telemetry())
        await come(worker, servers, topics.forecasts, MINUTES - 1)
        await worker.stop()
    finally:
        await worker.end()
    return [orjson.loads(record.value) async for record in records_of({"bootstrap_servers": servers}, topics.forecasts)]


async def come(worker: WorkerProcess, servers: str, topic: str, count: int) -> None:
    """Wait until there are so many records on a topic."""
    async with asyncio.timeout(WITHIN_S):
        while sum(await ends(servers, topic, PARTITIONS)) < count:
            worker.check()
            await asyncio.sleep(POLL_S)
