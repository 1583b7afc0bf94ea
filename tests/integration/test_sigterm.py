"""SIGTERM amid full work: the worker ends within ten seconds, and what it has done is durable."""

import asyncio
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from load.brokers.apache import ApacheKafka
from streams.cli.errors import ExitCode
from tests.integration.topic_io import create_topic, fill
from tests.integration.worker_verb import WorkerVerb, worker_settings

PARTITIONS = 4
SERIES = 4_000
STEPS = 100
HOSTS_PER_MESSAGE = 500
ENDS_WITHIN_S = 10.0
BEGIN_MS = 1_700_000_040_000


def messages() -> Iterator[bytes]:
    """Column batches; message by message in turn to the partitions, so that each host keeps to one."""
    hosts = [[{"host": f"h{host}"} for host in range(at, at + HOSTS_PER_MESSAGE)] for at in range(0, SERIES, 500)]
    for step in range(STEPS):
        for part in hosts:
            values = [float(step % 17 + place % 5) for place in range(HOSTS_PER_MESSAGE)]
            sample = {"metric": "load", "labels": part, "timestamp": BEGIN_MS + step * 60_000, "value": values}
            yield orjson.dumps(sample)


@pytest.fixture
def settings(kafka: ApacheKafka, topic_prefix: str) -> dict[str, Any]:
    settings = worker_settings(kafka.bootstrap_servers, topic_prefix, checkpoint_interval="1h")
    source = settings["sources"][0]["topic"]
    asyncio.run(create_topic(kafka.bootstrap_servers, source, PARTITIONS))
    asyncio.run(fill(kafka.bootstrap_servers, source, PARTITIONS, messages()))
    return settings


def test_it_ends_within_ten_seconds_with_a_checkpoint(settings: dict[str, Any], tmp_path: Path) -> None:
    with WorkerVerb(tmp_path, "first", settings) as first:
        first.until(lambda: samples(first) > SERIES * STEPS / 4)
        figures = first.metrics()
        assert sum(lag for (name, _), lag in figures.items() if name == "lag_records") > 0, "it must be amid its work"
        assert sum(count for (name, _), count in figures.items() if name == "series") >= SERIES / 2
        begun = time.monotonic()
        first.send(signal.SIGTERM)
        assert first.code() == ExitCode.OK
        seconds = time.monotonic() - begun
        [of_forecast] = [line for line in first.logged("role ends") if line["role"] == "forecast"]
        assert seconds < ENDS_WITHIN_S
        assert of_forecast["checkpoints"] == PARTITIONS
    with WorkerVerb(tmp_path, "second", settings) as second:
        second.until_ready()
        second.until(lambda: sum(lag for (name, _), lag in second.metrics().items() if name == "lag_records") == 0)
        figures = second.metrics()
        assert figures["restored_bytes_total", ("forecast",)] > SERIES / 2 * 1_000
        assert figures["read_records_total", ("forecast",)] > 0
        assert samples(second) < SERIES * STEPS * 3 / 4, "nothing that was durable may come again"
        assert figures["rejected_rows_total", ("same_step", "forecast")] == 0
        assert figures["rejected_rows_total", ("late", "forecast")] == 0


def samples(worker: WorkerVerb) -> float:
    return worker.metrics().get(("samples_total", ("forecast",)), 0.0)
