"""Workers with names of their own in the consumer groups: a restart moves no partition, and a name is one worker's."""

import asyncio
import re
import signal
from pathlib import Path
from typing import Any

import orjson
import pytest

from load.brokers.apache import ApacheKafka
from streams.cli.errors import ExitCode
from tests.integration.topic_io import create_topic
from tests.integration.worker_verb import WorkerVerb, worker_settings

PARTITIONS = 4


@pytest.fixture
def settings(kafka: ApacheKafka, topic_prefix: str) -> dict[str, Any]:
    settings = worker_settings(kafka.bootstrap_servers, topic_prefix)
    asyncio.run(create_topic(kafka.bootstrap_servers, settings["sources"][0]["topic"], PARTITIONS))
    return settings


def named(settings: dict[str, Any], name: str | None) -> dict[str, Any]:
    return {
        **settings,
        "broker": {**settings["broker"], "session_timeout": "30s", "request_timeout": "30s"},
        "worker": {**settings["worker"], "instance_id": name},
    }


def place(worker: WorkerVerb) -> dict[str, Any]:
    """The generation of each of its groups, and the partitions that it has."""
    figures = worker.metrics()
    generations = {role: figures["group_generation", (role,)] for role in ("ingest", "forecast")}
    partitions = sorted(labels for name, labels in figures if name == "lag_records")
    return {**generations, "partitions": partitions}


def settle(*workers: WorkerVerb) -> list[dict[str, Any]]:
    """Wait until all partitions are spread over the workers, and all of them are ready."""

    def spread() -> bool:
        if any(worker.get("/readyz")[0] != 200 for worker in workers):
            return False
        shares = [worker.metrics()["assigned_partitions", ("forecast",)] for worker in workers]
        return shares == [PARTITIONS / len(workers)] * len(workers)

    workers[0].until(spread)
    return [place(worker) for worker in workers]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_within_the_session_moves_no_partition(
    settings: dict[str, Any], tmp_path: Path, number: signal.Signals
) -> None:
    with (
        WorkerVerb(tmp_path, "stays", named(settings, "stays")) as stays,
        WorkerVerb(tmp_path, "goes", named(settings, "comes-back")) as goes,
    ):
        before = settle(stays, goes)
        goes.send(number)
        assert goes.code() == (ExitCode.OK if number == signal.SIGTERM else -number)
        with WorkerVerb(tmp_path, "comes", named(settings, "comes-back")) as comes:
            assert settle(stays, comes) == before
        assert len(stays.logged("role ends")) == 0


def test_without_names_a_restart_moves_partitions(settings: dict[str, Any], tmp_path: Path) -> None:
    """So the test above can fail."""
    with WorkerVerb(tmp_path, "stays", named(settings, None)) as stays:
        with WorkerVerb(tmp_path, "goes", named(settings, None)) as goes:
            before = settle(stays, goes)
            goes.send(signal.SIGTERM)
            assert goes.code() == ExitCode.OK
        with WorkerVerb(tmp_path, "comes", named(settings, None)) as comes:
            after = settle(stays, comes)
    assert after[0]["forecast"] > before[0]["forecast"]


def test_of_two_workers_with_one_name_the_first_is_put_out_and_says_so(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    with WorkerVerb(tmp_path, "first", named(settings, "twin")) as first:
        settle(first)
        checkpoints = len(first.logged("role ends"))
        with WorkerVerb(tmp_path, "second", named(settings, "twin")) as second:
            assert first.code() == ExitCode.FAILURE
            last = first.log.splitlines()[-1]
            assert re.match(r"foreshock: \S+: another worker has joined as worker.instance_id 'twin'", last), last
            assert len(first.logged("role ends")) == checkpoints == 0, "it must write no last checkpoint"
            settle(second)
            assert orjson.loads(second.get("/livez")[1])["live"]
