"""Replays through a real broker."""

import asyncio
import socket
from collections import defaultdict
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from rich.console import Console

from load.brokers.broker import Broker
from load.cli.replay import Job, run_job
from load.generate.fleet import Fleet, generate_fleet
from load.generate.signal import ENTITY_LABELS
from load.generate.spec import FleetSpec
from load.recordings.write import write_recording
from load.replay.target import NoSuchTopicError
from streams.cli.errors import ExitCode
from streams.cli.main import run
from streams.codecs.registry import codec
from streams.series import entity_of, labels_text, partition_of, series_name
from tests.load.recordings.helpers import Row, rows_of

PARTITIONS = 4


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return generate_fleet(FleetSpec(hosts=3, services=2, volumes=2, days=0.25, step_ms=300_000))


def job_for(broker: Broker, topic: str, batch: int, speed: float | None = None) -> Job:
    client = {"bootstrap_servers": broker.bootstrap_servers}
    return Job(client, topic, PARTITIONS, ENTITY_LABELS, batch, speed, None)


async def consume(broker: Broker, topic: str) -> dict[int, list[tuple[str, bytes]]]:
    """(key, value) of every message, by partition and in its order."""
    partitions = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap_servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign(partitions)
        expected = sum((await consumer.end_offsets(partitions)).values())
        found: dict[int, list[tuple[str, bytes]]] = defaultdict(list)
        for _ in range(expected):
            record = await asyncio.wait_for(anext(consumer), 20)
            found[record.partition].append((record.key.decode(), record.value))
        return found
    finally:
        await consumer.stop()


def samples_by_entity(rows: list[Row], fleet: Fleet) -> dict[str, list[Row]]:
    names = {series_name(key): labels_text(entity_of(key.labels, ENTITY_LABELS)) for key in fleet.series}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[names[row[1]]].append(row)
    return found


@pytest.mark.parametrize(("batch", "speed"), [(1, None), (7, None), (7, 50_000.0)])
def test_all_samples_arrive_in_their_entitys_order_on_its_partition(
    broker: Broker, topic_prefix: str, fleet: Fleet, batch: int, speed: float | None
) -> None:
    job = job_for(broker, topic_prefix, batch, speed)
    result = asyncio.run(run_job(fleet, job, Console(quiet=True)))
    messages = asyncio.run(consume(broker, topic_prefix))
    received: dict[str, list[Row]] = defaultdict(list)
    for partition, pairs in messages.items():
        for key, value in pairs:
            assert partition_of(key, PARTITIONS) == partition
            columns = codec("json").decode(value, 100)
            names = [series_name(series) for series in columns.series]
            received[key].extend(zip(columns.timestamp_ms, names, columns.value, strict=True))
    assert received == samples_by_entity(rows_of(fleet.tables()), fleet)
    assert result.failed == 0
    assert result.messages == sum(map(len, messages.values()))


def test_a_topic_that_is_not_there(broker: Broker, topic_prefix: str, fleet: Fleet) -> None:
    job = Job({"bootstrap_servers": broker.bootstrap_servers}, topic_prefix, None, ENTITY_LABELS, 1, None, None)
    with pytest.raises(NoSuchTopicError, match=topic_prefix):
        asyncio.run(run_job(fleet, job, Console(quiet=True)))


def test_the_command(
    broker: Broker, topic_prefix: str, fleet: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "fleet.parquet"
    write_recording(file, fleet.tables())
    to = ["--broker", broker.bootstrap_servers, "--topic", topic_prefix, "--speed", "max"]
    arguments = ["replay", str(file), *to, "--create-topic", "--partitions", str(PARTITIONS), "--limit", "100"]
    assert run([*arguments, "--metrics", "cpu_*", "--entity", "host"]) == ExitCode.OK
    assert "100 samples in 100 messages" in capsys.readouterr().out
    assert run([*arguments, "--metrics", "nothing"]) == ExitCode.USAGE
    assert "look at --metrics" in capsys.readouterr().err


def test_a_broker_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.csv").write_text("timestamp,value\n1700000000,1\n")
    with socket.socket() as closed:  # Bound and not listening: nobody answers, and nobody else takes it.
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        assert run(["replay", str(tmp_path / "m.csv"), "--broker", address]) == ExitCode.BROKER
    assert f"can't reach Kafka at {address} " in capsys.readouterr().err


@pytest.mark.parametrize("speed", ["0", "-1", "inf", "nan", "fast"])
def test_speeds_that_are_none(speed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["replay", "r.csv", "--speed", speed]) == ExitCode.USAGE
    assert "neither a number above zero nor 'max'" in capsys.readouterr().err
