"""An incident over hosts of different partitions, told once and rightly by workers that are killed on the way."""

import asyncio
import signal
import time
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from aiokafka.structs import ConsumerRecord

from load.brokers.broker import Broker
from load.verify.topics import records_of
from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.settings.model import Settings
from tests.integration.topic_io import create_topic, fill
from tests.integration.worker_verb import WorkerVerb, worker_settings

PARTITIONS = 4
MINUTE_MS = 60_000
BEGIN_MS = 1_700_000_000_000 // MINUTE_MS * MINUTE_MS
HOSTS = 12
STRUCK = {"h3": range(50, 55), "h6": range(52, 55)}
MINUTES = 70
PIECES = (range(3, 40), range(40, 53), range(53, MINUTES))
"""A worker is killed after each but the last."""

LOOKS = 10
"""What one role has written the next one hears of a moment later: so many looks in a row must find no lag."""


def messages(minutes: range) -> list[bytes]:
    """A message of each host each minute, host by host, so that each keeps to its partition of the source."""
    made = []
    for minute in minutes:
        random = Random(minute)
        for host in range(HOSTS):
            name, far = f"h{host}", 400.0 * (minute in STRUCK.get(f"h{host}", ()))
            sample = {"labels": {"host": name}, "timestamp": BEGIN_MS + minute * MINUTE_MS}
            load, memory = 50.0 + random.gauss(0.0, 3.0) + far, 900.0 + random.gauss(0.0, 5.0) + far
            made.append(orjson.dumps(sample | {"metric": ["load", "memory"], "value": [load, memory]}))
    return made


@pytest.fixture
def document(broker: Broker, topic_prefix: str) -> dict[str, Any]:
    document = worker_settings(broker.bootstrap_servers, topic_prefix, instance_id="one")
    document["forecast"] = {"emit_every": 1_000}
    asyncio.run(create_topic(broker.bootstrap_servers, document["sources"][0]["topic"], PARTITIONS))
    return document


def test_incidents_survive_kills_and_are_those_of_an_undisturbed_run(document: dict[str, Any], tmp_path: Path) -> None:
    settings = Settings.model_validate(document)
    servers, topics = settings.broker.bootstrap_servers[0], settings.topics
    for number, minutes in enumerate(PIECES):
        with WorkerVerb(tmp_path, f"worker-{number}", document) as worker:
            worker.until_ready()
            if number == 0:
                # The first minutes alone: event time goes by the source partitions whose time is believed.
                send(worker, settings, range(3))
            send(worker, settings, minutes)
            worker.send(signal.SIGKILL if number + 1 < len(PIECES) else signal.SIGTERM)
            worker.code()
    published = [
        OutputRecord(topics.incidents, record.partition, record.key, record.value, tuple(record.headers))
        for record in asyncio.run(read(servers, topics.incidents))
    ]
    due = incidents_of(settings)
    told = [orjson.loads(record.value or b"") for record in due]
    assert [(each["reason"], [member["entity"] for member in each["members"]]) for each in told] == [
        ("opened", ['{host="h3"}']),
        ("member", ['{host="h3"}', '{host="h6"}']),
        ("quiet", ['{host="h3"}', '{host="h6"}']),
    ]
    assert {name_of(record): record.value for record in published} == {name_of(record): record.value for record in due}
    assert len({(name_of(record), record.value) for record in published}) == len(due), "said twice, and not the same"


def send(worker: WorkerVerb, settings: Settings, minutes: range) -> None:
    """Let minutes come, and wait until every role has read all of them."""
    servers, samples = settings.broker.bootstrap_servers[0], settings.topics.samples
    asyncio.run(fill(servers, settings.sources[0].topic, PARTITIONS, messages(minutes)))
    looks = 0
    while looks < LOOKS:
        assert worker.runs, worker.log
        time.sleep(0.2)
        all_there = sum(samples_of(servers, samples)) >= 2 * HOSTS * minutes.stop and caught_up(worker)
        looks = looks + 1 if all_there else 0


def caught_up(worker: WorkerVerb) -> bool:
    """Whether every role has read what there is."""
    figures = worker.metrics()
    lags = [value for (name, _), value in figures.items() if name == "lag_records"]
    ready = [value for (name, _), value in figures.items() if name == "ready"]
    return len(lags) >= 3 * PARTITIONS and not any(lags) and ready == [1.0, 1.0, 1.0]


def name_of(record: OutputRecord) -> bytes:
    return dict(record.headers)["ce_id"]


def samples_of(servers: str, topic: str) -> list[int]:
    """Rows on each partition of the samples topic."""
    return [len(orjson.loads(record.value).get("index", ())) for record in asyncio.run(read(servers, topic))]


async def read(servers: str, topic: str) -> list[ConsumerRecord]:
    return [record async for record in records_of({"bootstrap_servers": servers}, topic)]


def incidents_of(settings: Settings) -> list[OutputRecord]:
    """What follows from the samples topic: its partitions one after the other, in this process."""
    servers, topics = settings.broker.bootstrap_servers[0], settings.topics
    log = asyncio.run(read(servers, topics.samples))
    config = PipelineConfig.from_settings(settings)
    signals: list[OutputRecord] = []
    for number in range(PARTITIONS):
        records = [InputRecord(record.offset, record.value) for record in log if record.partition == number]
        said = PartitionPipeline(config, number).step(records)
        signals += [record for record in said if record.topic == topics.signals]
    told = []
    for number in range(PARTITIONS):
        values = [record.value for record in signals if record.partition == number]
        correlate = CorrelatePipeline(CorrelateConfig.from_settings(settings), number)
        told += correlate.step([InputRecord(offset, value) for offset, value in enumerate(values)])
    return told
