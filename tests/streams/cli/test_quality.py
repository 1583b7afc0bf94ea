"""The verb `quality` on a broker."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from load.brokers.broker import Broker
from streams.cli.main import run
from tests.integration.topic_io import create_topic
from tests.streams.cli.test_sums import FAILURE, record


def test_the_newest_record_of_each_key_counts_on_all_partitions(
    broker: Broker,
    topic_prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path, topic = tmp_path / "foreshock.yaml", f"{topic_prefix}.quality"
    path.write_text("sources: [{topic: telemetry}]\ntopics: {partitions: 2}\n")
    monkeypatch.setenv("FORESHOCK_BROKER__BOOTSTRAP_SERVERS", broker.bootstrap_servers)
    monkeypatch.setenv("FORESHOCK_TOPICS__PREFIX", topic_prefix)
    asyncio.run(create_topic(broker.bootstrap_servers, topic, 2))
    newer = record(**FAILURE | {"failures_seen": 5})
    messages = [(0, b"a", record(**FAILURE)), (1, b"b", record(**FAILURE)), (0, b"a", newer), (1, b"c", newer)]
    asyncio.run(_send(broker.bootstrap_servers, topic, [*messages, (1, b"c", None)]))
    assert run(["quality", "--config", str(path)]) == 0
    assert capfd.readouterr().out.splitlines()[0] == (
        "rule errors, within 1h: 2 of it, 20 predictions settled, 9 failures"
    )


async def _send(bootstrap_servers: str, topic: str, messages: list[tuple[int, bytes, bytes | None]]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap_servers) as producer:
        for partition, key, value in messages:
            await producer.send_and_wait(topic, value, key, partition)
