"""Upgrade, rollback and restore on Kafka: what becomes of the state, and that predictions go on as if nothing was."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from load.brokers.broker import Broker
from streams.cli.errors import ExitCode
from streams.edge.admin import create_topics
from streams.pipeline.sections import FORMAT_VERSION
from streams.settings.model import Settings
from tests.integration.topic_io import create_topic, fill
from tests.integration.worker_verb import WorkerVerb, worker_settings

MINUTE_MS = 60_000
BEGIN_MS = 1_767_830_400_000
HOSTS = 6
MINUTES = 120
HALF = MINUTES // 2

NEXT_RELEASE = "import streams.pipeline.sections as sections\nsections.FORMAT_VERSION += 1"
"""As if the format of the state had changed since."""


@pytest.fixture
def settings(broker: Broker, topic_prefix: str) -> dict[str, Any]:
    return made_ready(broker, topic_prefix)


def made_ready(broker: Broker, prefix: str) -> dict[str, Any]:
    settings = worker_settings(broker.bootstrap_servers, prefix)
    asyncio.run(create_topic(broker.bootstrap_servers, settings["sources"][0]["topic"], 1))
    return settings


def telemetry(begin: int, end: int) -> list[bytes]:
    return [
        orjson.dumps(
            {
                "metric": "load",
                "labels": {"host": f"host-{host}"},
                "timestamp": BEGIN_MS + minute * MINUTE_MS,
                "value": 10 + minute % 7 + host,
            }
        )
        for minute in range(begin, end)
        for host in range(HOSTS)
    ]


def send(broker: Broker, settings: dict[str, Any], begin: int, end: int) -> None:
    asyncio.run(fill(broker.bootstrap_servers, settings["sources"][0]["topic"], 1, telemetry(begin, end)))


def run_until_done(worker: WorkerVerb, broker: Broker, settings: dict[str, Any], minutes: int) -> None:
    """Wait until the forecasts of the newest samples are there, and what they follow from is durable."""
    worker.until_ready()
    last = BEGIN_MS + (minutes - 12) * MINUTE_MS
    topic = f"{settings['topics']['prefix']}.forecasts"

    def is_there() -> bool:
        found = asyncio.run(records(broker, topic))
        return len({key for key, value in found if orjson.loads(value)["origin_ms"] >= last}) == HOSTS

    worker.until(is_there)
    before = worker.metrics()["checkpoints_total", ("forecast",)]
    worker.until(lambda: worker.metrics()["checkpoints_total", ("forecast",)] >= before)


async def records(broker: Broker, topic: str) -> list[tuple[bytes, bytes]]:
    """Keys and values of a topic, partition by partition."""
    return [(record.key, record.value) for batch in await partitions(broker, topic) for record in batch]


async def partitions(broker: Broker, topic: str) -> list[list[Any]]:
    """Everything on a topic."""
    options = {"bootstrap_servers": broker.bootstrap_servers, "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(topic, **options) as consumer:
        places = sorted(consumer.assignment(), key=lambda place: place.partition)
        found: dict[TopicPartition, list[Any]] = {place: [] for place in places}
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for place, batch in (await consumer.getmany(timeout_ms=500)).items():
                found[place] += batch
        return list(found.values())


def forecasts(broker: Broker, settings: dict[str, Any]) -> dict[tuple[bytes, int], bytes]:
    """By key and origin. Records that come twice are the same, byte for byte."""
    found: dict[tuple[bytes, int], bytes] = {}
    for key, value in asyncio.run(records(broker, f"{settings['topics']['prefix']}.forecasts")):
        place = key, orjson.loads(value)["origin_ms"]
        assert found.setdefault(place, value) == value
    return found


def undisturbed(broker: Broker, prefix: str, tmp_path: Path) -> dict[tuple[bytes, int], bytes]:
    """The forecasts of a worker that read the same without a break."""
    settings = made_ready(broker, f"{prefix}-calm")
    send(broker, settings, 0, MINUTES)
    with WorkerVerb(tmp_path, "calm", settings) as worker:
        run_until_done(worker, broker, settings, MINUTES)
    return forecasts(broker, settings)


def rebuilding(settings: dict[str, Any]) -> dict[str, Any]:
    return {**settings, "worker": {**settings["worker"], "other_state": "rebuild"}}


def test_a_release_with_another_format_refuses_the_state_and_the_old_one_goes_on(
    broker: Broker, settings: dict[str, Any], tmp_path: Path
) -> None:
    send(broker, settings, 0, HALF)
    with WorkerVerb(tmp_path, "old", settings) as old:
        run_until_done(old, broker, settings, HALF)
    with WorkerVerb(tmp_path, "new", settings, NEXT_RELEASE) as new:
        assert new.code() == ExitCode.FAILURE
        assert f"the state has format {FORMAT_VERSION}, this version reads {FORMAT_VERSION + 1}" in new.log
    send(broker, settings, HALF, MINUTES)
    with WorkerVerb(tmp_path, "old-again", settings) as again:
        run_until_done(again, broker, settings, MINUTES)
        assert again.metrics()["rebuilt_partitions_total", ("forecast",)] == 0


@pytest.mark.timeout(600)
def test_upgrade_and_rollback_with_a_rebuild_change_no_forecast(
    broker: Broker, settings: dict[str, Any], tmp_path: Path
) -> None:
    prefix = settings["topics"]["prefix"]
    send(broker, settings, 0, HALF)
    with WorkerVerb(tmp_path, "old", settings) as old:
        run_until_done(old, broker, settings, HALF)
    send(broker, settings, HALF, HALF + 12)
    with WorkerVerb(tmp_path, "upgraded", rebuilding(settings), NEXT_RELEASE) as new:
        run_until_done(new, broker, settings, HALF + 12)
        assert new.metrics()["rebuilt_partitions_total", ("forecast",)] > 0
    send(broker, settings, HALF + 12, MINUTES)
    with WorkerVerb(tmp_path, "rolled-back", rebuilding(settings)) as back:
        run_until_done(back, broker, settings, MINUTES)
        assert back.metrics()["rebuilt_partitions_total", ("forecast",)] > 0
    assert forecasts(broker, settings) == undisturbed(broker, prefix, tmp_path)


@pytest.mark.timeout(600)
def test_a_copy_of_the_samples_topic_is_a_backup_of_the_state(
    broker: Broker, settings: dict[str, Any], tmp_path: Path
) -> None:
    """What MirrorMaker copies. The state topic is not among it: it names offsets and the id of the old topic."""
    send(broker, settings, 0, HALF)
    with WorkerVerb(tmp_path, "old", settings) as old:
        run_until_done(old, broker, settings, HALF)
    elsewhere = {**settings, "topics": {**settings["topics"], "prefix": f"{settings['topics']['prefix']}-elsewhere"}}
    asyncio.run(create_topics(Settings.model_validate(elsewhere)))
    asyncio.run(copy(broker, settings, elsewhere))
    send(broker, settings, HALF, MINUTES)
    for name, each in (("restored", elsewhere), ("undisturbed", settings)):
        with WorkerVerb(tmp_path, name, each) as worker:
            run_until_done(worker, broker, each, MINUTES)
    assert forecasts(broker, elsewhere) == forecasts(broker, settings)


async def copy(broker: Broker, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Copy samples and events, each record to the partition that it was on, as MirrorMaker does."""
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap_servers) as producer:
        for topic in ("samples", "events"):
            found: Sequence[list[Any]] = await partitions(broker, f"{old['topics']['prefix']}.{topic}")
            for number, batch in enumerate(found):
                for record in batch:
                    await producer.send(
                        f"{new['topics']['prefix']}.{topic}",
                        record.value,
                        record.key,
                        partition=number,
                        headers=list(record.headers),
                    )
