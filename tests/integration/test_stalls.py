"""A worker that gets nowhere ends soon after `worker.stall_timeout`, and says why: on Apache Kafka, which is hurt."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import GroupCoordinatorNotAvailableError

from load.brokers.apache import ApacheKafka
from streams.cli.errors import BrokerUnavailableError, ExitCode
from streams.edge.limits import STOP_S
from streams.edge.roles import RoleName
from streams.edge.stalls import GroupLostError, StalledError
from streams.edge.worker import run_worker
from streams.runtime import ingesting
from streams.runtime.intake import take_in
from streams.settings.model import Settings
from tests.integration.counting import PARTITIONS, SMALL_BATCHES, counting_engine, settings_of
from tests.integration.topic_io import create_topic, fill
from tests.integration.worker_verb import WorkerVerb, worker_settings

# With a dead broker a consumer's thread is left to itself, and finds that the loop of its worker is closed.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")

STALL_S = 5.0
ASKING_S = 8.0
"""`admin.CONNECT_SECONDS_MAX`: whether the broker answers is asked before the worker ends."""
SLACK_S = 8.0


@pytest.fixture
def hurt(kafka: ApacheKafka) -> Iterator[ApacheKafka]:
    """The broker, which is well again afterwards."""
    yield kafka
    # A node that was frozen is fenced by its controller for a while after it wakes; a new one is not.
    kafka.kill()
    kafka.start()


@pytest.fixture
def settings(hurt: ApacheKafka, topic_prefix: str) -> dict[str, Any]:
    settings = worker_settings(hurt.bootstrap_servers, topic_prefix, stall_timeout=f"{STALL_S:.0f}s")
    asyncio.run(create_topic(hurt.bootstrap_servers, settings["sources"][0]["topic"], 4))
    return settings


@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_a_dead_broker_is_noticed(settings: dict[str, Any], hurt: ApacheKafka, tmp_path: Path, how: str) -> None:
    with WorkerVerb(tmp_path, "worker", settings) as worker:
        worker.until_ready()
        if how == "killed":
            hurt.kill()
        else:
            os.kill(hurt.pid, signal.SIGSTOP)
        begun = time.monotonic()
        if how == "frozen":  # a dead one's connections close so fast that nobody may see it
            worker.until(lambda: worker.get("/livez")[0] == 503)
        assert worker.code() == ExitCode.BROKER
        assert STALL_S <= time.monotonic() - begun <= STALL_S + ASKING_S + STOP_S + SLACK_S
        assert worker.log.splitlines()[-1].endswith("nothing was heard of it for 5s (worker.stall_timeout)")


def test_a_broker_that_is_back_in_time_ends_nothing(
    settings: dict[str, Any], hurt: ApacheKafka, tmp_path: Path
) -> None:
    settings["worker"]["stall_timeout"] = "2m"
    [source], servers = settings["sources"], hurt.bootstrap_servers
    sample = b'{"metric": "a", "labels": {"host": "h"}, "timestamp": 1700000000000, "value": 1}'
    with WorkerVerb(tmp_path, "worker", settings) as worker:
        worker.until_ready()
        os.kill(hurt.pid, signal.SIGSTOP)
        worker.until(lambda: b"coordinator has been silent" in worker.get("/readyz")[1])
        assert worker.get("/livez")[0] == 200
        os.kill(hurt.pid, signal.SIGCONT)
        worker.until_ready()
        asyncio.run(fill(servers, source["topic"], 4, [sample]))
        worker.until(lambda: worker.metrics()["samples_total", ("forecast",)] == 1)


def counting(kafka: ApacheKafka, prefix: str) -> Settings:
    """Settings of a worker in this process."""
    settings = settings_of(kafka.bootstrap_servers, prefix, f"{prefix}-source")
    worker = settings.worker.model_copy(update={"stall_timeout_ms": int(STALL_S * 1000)})
    asyncio.run(create_topic(kafka.bootstrap_servers, settings.sources[0].topic, PARTITIONS))
    return settings.model_copy(update={"worker": worker})


def test_a_group_without_a_coordinator_is_noticed(
    hurt: ApacheKafka, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One broker can't lose a coordinator and live, so here no broker admits to be it, once the worker has joined."""
    settings, find = counting(hurt, topic_prefix), AIOKafkaClient.coordinator_lookup
    lost_at = time.monotonic() + 10.0

    async def lose(self: AIOKafkaClient, *args: Any) -> Any:
        if time.monotonic() > lost_at:
            raise GroupCoordinatorNotAvailableError
        return await find(self, *args)

    async def not_it(self: Any, request: Any) -> Any:
        if time.monotonic() > lost_at:
            self.coordinator_dead()
            raise GroupCoordinatorNotAvailableError
        return await ask(self, request)

    ask = GroupCoordinator._send_req
    monkeypatch.setattr(AIOKafkaClient, "coordinator_lookup", lose)
    monkeypatch.setattr(GroupCoordinator, "_send_req", not_it)
    with pytest.raises(
        GroupLostError, match=r"the broker answers, but no coordinator for the consumer group"
    ) as raised:
        asyncio.run(asyncio.wait_for(run_worker(settings, engine=counting_engine(settings)), 90))
    assert raised.value.exit_code == ExitCode.BROKER
    assert time.monotonic() - lost_at >= STALL_S - 1


def test_a_partition_whose_agent_hangs_is_named(
    hurt: ApacheKafka, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = counting(hurt, topic_prefix)
    asyncio.run(fill(hurt.bootstrap_servers, settings.sources[0].topic, PARTITIONS, [b"message"] * 20_000))

    async def hang_at_three(batch: Any, *rest: Any) -> Any:
        if batch.place.partition == 3 and batch.start_offset > 0:
            await asyncio.Event().wait()
        return await take_in(batch, *rest)

    monkeypatch.setattr(ingesting, "take_in", hang_at_three)
    words = rf"nothing was taken for 5s \(worker.stall_timeout\) of .*{settings.sources[0].topic}\[3\] \(\d+ records"
    with pytest.raises(StalledError, match=words):
        asyncio.run(
            asyncio.wait_for(
                run_worker(settings, [RoleName.INGEST], engine=counting_engine(settings), limits=SMALL_BATCHES), 90
            )
        )


def test_a_broker_that_dies_amid_work_is_the_reason_whatever_it_looks_like(
    hurt: ApacheKafka, topic_prefix: str
) -> None:
    settings = counting(hurt, topic_prefix)
    asyncio.run(fill(hurt.bootstrap_servers, settings.sources[0].topic, PARTITIONS, [b"message"] * 40_000))

    async def check() -> None:
        worker = asyncio.create_task(run_worker(settings, engine=counting_engine(settings), limits=SMALL_BATCHES))
        await asyncio.sleep(12)
        os.kill(hurt.pid, signal.SIGSTOP)
        await asyncio.wait_for(worker, 60)

    with pytest.raises(BrokerUnavailableError):
        asyncio.run(check())
