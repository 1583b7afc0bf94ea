"""What a worker tells over HTTP while it works: figures that add up, and readiness that is true."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from load.brokers.apache import ApacheKafka
from load.brokers.broker import Broker
from streams.cli.errors import ExitCode
from tests.integration.topic_io import create_topic, delete_topics, fill
from tests.integration.worker_verb import WorkerVerb, worker_settings

PARTITIONS = 4
MINUTE_MS = 60_000
BEGIN_MS = 1_700_000_000_000 // MINUTE_MS * MINUTE_MS
HOSTS = 20
MINUTES = 200


def messages(minutes: range) -> list[bytes]:
    """A sample of each host each minute; host by host, so that each keeps to its partition of the source."""
    return [
        orjson.dumps(
            {
                "metric": "load",
                "labels": {"host": f"h{host}"},
                "timestamp": BEGIN_MS + minute * MINUTE_MS,
                "value": host + minute % 7,
            }
        )
        for minute in minutes
        for host in range(HOSTS)
    ]


@pytest.fixture
def settings(broker: Broker, topic_prefix: str) -> dict[str, Any]:
    settings = worker_settings(broker.bootstrap_servers, topic_prefix)
    asyncio.run(create_topic(broker.bootstrap_servers, settings["sources"][0]["topic"], PARTITIONS))
    return settings


def send(settings: dict[str, Any], values: list[bytes]) -> None:
    [source] = settings["sources"]
    asyncio.run(fill(settings["broker"]["bootstrap_servers"], source["topic"], PARTITIONS, values))


def test_the_figures_add_up(settings: dict[str, Any], tmp_path: Path) -> None:
    samples = HOSTS * MINUTES
    with WorkerVerb(tmp_path, "worker", settings) as worker:
        send(settings, [*messages(range(MINUTES)), b"nonsense", b""])
        worker.until(lambda: worker.metrics().get(("samples_total", ("forecast",))) == samples)
        send(settings, messages(range(1)))
        worker.until(lambda: worker.metrics()["rejected_rows_total", ("late", "forecast")] == HOSTS)
        worker.until(lambda: worker.metrics()["checkpoints_total", ("forecast",)] > 0)
        worker.until(lambda: sum_of(worker.metrics(), "lag_records") == 0)
        figures = worker.metrics()
        assert figures["read_records_total", ("ingest",)] == samples + 2 + HOSTS
        assert figures["samples_total", ("ingest",)] == samples + HOSTS
        assert figures["rejected_rows_total", ("malformed", "ingest")] == 1
        assert figures["rejected_rows_total", ("empty_message", "ingest")] == 1
        assert sum_of(figures, "series") == HOSTS
        assert {value for (name, _), value in figures.items() if name == "series_limit"} == {50_000}
        assert sum_of(figures, "lag_records") == 0
        assert figures["assigned_partitions", ("forecast",)] == PARTITIONS
        assert figures["predictions_total", ("forecast",)] > HOSTS
        assert figures["step_duration_seconds_count", ("forecast",)] > 0
        assert 0 < figures["checkpoint_bytes_total", ("forecast",)] < 10_000_000
        assert figures["checkpoint_records_total", ("forecast",)] >= figures["checkpoints_total", ("forecast",)]
        assert figures["restore_duration_seconds_count", ("forecast",)] >= 1
        assert figures["restored_records_total", ("forecast",)] == 0
        assert all(0 <= age < 60 for (name, _), age in figures.items() if name == "checkpoint_age_seconds")
        assert all(0 <= age < 10 for (name, _), age in figures.items() if name == "group_silence_seconds")
        assert BEGIN_MS / 1000 < max_of(figures, "event_time_seconds") <= BEGIN_MS / 1000 + MINUTES * 60
        worker.send(signal.SIGTERM)
        assert worker.code() == ExitCode.OK
    with WorkerVerb(tmp_path, "again", settings) as worker:
        worker.until_ready()
        figures = worker.metrics()
        assert figures["restored_records_total", ("forecast",)] > 0
        assert figures["restored_bytes_total", ("forecast",)] > 100_000
        assert figures["samples_total", ("forecast",)] == 0, "what another process did is not counted"
        assert sum_of(figures, "series") == HOSTS


def sum_of(figures: dict[tuple[str, tuple[str, ...]], float], name: str) -> float:
    return sum(value for (found, _), value in figures.items() if found == name)


def max_of(figures: dict[tuple[str, tuple[str, ...]], float], name: str) -> float:
    return max(value for (found, _), value in figures.items() if found == name)


def test_it_lives_before_it_is_ready_and_says_what_it_waits_for(
    settings: dict[str, Any], broker: Broker, tmp_path: Path
) -> None:
    waited_for = set()
    with WorkerVerb(tmp_path, "worker", settings) as worker:
        worker.until(lambda: worker.get("/livez")[0] == 200)
        while (answer := worker.get("/readyz"))[0] != 200:
            roles = orjson.loads(answer[1])["roles"]
            waited_for.update([role["waits_for"] for role in roles.values() if not role["ready"]])
            assert worker.get("/livez")[0] == 200
        # Each role says so in a task of its own, which may come a moment after it is ready.
        worker.until(lambda: worker.logged("forecast ready") and worker.logged("ingest ready"))
    assert "an assignment of partitions by its consumer group" in waited_for


def test_a_second_worker_on_the_same_port_says_so_and_ends(
    settings: dict[str, Any], broker: Broker, tmp_path: Path
) -> None:
    with WorkerVerb(tmp_path, "first", settings) as first:
        first.until(lambda: first.logged("metrics and health"))
        port = int(first.logged("metrics and health")[0]["address"].rpartition(":")[2].partition("/")[0])
        settings["worker"]["metrics"]["port"] = port
        with WorkerVerb(tmp_path, "second", settings) as second:
            assert second.code() == ExitCode.USAGE
            assert f"worker.metrics.port: can't listen on 127.0.0.1:{port}" in second.log


def test_a_log_that_ends_with_marks_of_transactions_has_no_lag(
    kafka: ApacheKafka, topic_prefix: str, tmp_path: Path
) -> None:
    """They take offsets and are no records: nothing is delivered up to the log's end, and nothing is amiss."""
    settings = worker_settings(kafka.bootstrap_servers, topic_prefix, stall_timeout="5s")
    source = settings["sources"][0]["topic"]

    async def send_in_a_transaction() -> None:
        await create_topic(kafka.bootstrap_servers, source, 1)
        producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, transactional_id=topic_prefix)
        async with producer, producer.transaction():
            await producer.send(source, messages(range(1))[0], partition=0)

    asyncio.run(send_in_a_transaction())
    with WorkerVerb(tmp_path, "worker", settings) as worker:
        worker.until(lambda: worker.metrics().get(("samples_total", ("forecast",))) == 1)
        worker.until(lambda: worker.metrics().get(("lag_records", ("0", "ingest", source))) == 0)
        worker.until(lambda: worker.get("/readyz")[0] == 200)
        for _ in range(9):
            with pytest.raises(AssertionError):
                worker.until(lambda: worker.metrics().get(("lag_records", ("0", "ingest", source)), 0) > 0, within_s=1)
            assert worker.runs
        assert not worker.logged("records were lost on the way, reading them again")


def test_topics_that_come_late_and_go_again(kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    settings = worker_settings(kafka.bootstrap_servers, topic_prefix)
    source = settings["sources"][0]["topic"]
    waits_for = f"topic {source!r}, which the broker does not have"
    with WorkerVerb(tmp_path, "worker", settings) as worker:
        worker.until(lambda: worker.logged("ingest not ready"))
        assert worker.logged("ingest not ready")[0]["waits_for"] == waits_for
        # Of other tests the broker may have topics of which one could be meant: the line then goes on.
        assert f"sources[0].topic: the broker has no topic {source!r}" in worker.log
        status, answer = worker.get("/readyz")
        assert (status, orjson.loads(answer)["roles"]["ingest"]["waits_for"]) == (503, waits_for)
        asyncio.run(create_topic(kafka.bootstrap_servers, source, 1))
        worker.until_ready()
        asyncio.run(fill(kafka.bootstrap_servers, source, 1, messages(range(30))))
        worker.until(lambda: sum_of(worker.metrics(), "samples_total") >= 2 * 30 * HOSTS)
        asyncio.run(delete_topics(kafka.bootstrap_servers, f"{topic_prefix}."))
        asyncio.run(fill(kafka.bootstrap_servers, source, 1, messages(range(30, 60))))
        assert worker.code() == ExitCode.FAILURE
        assert f"{topic_prefix}.samples" in worker.log.splitlines()[-1]
        assert "a new start makes what is missing" in worker.log.splitlines()[-1]
        assert len([line for line in worker.log.splitlines() if "aiokafka" in line]) < 40
