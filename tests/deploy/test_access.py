"""The permissions of deploy/strimzi on a real Kafka: each user can do its work with exactly these, and no more."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)

from load.brokers.broker import BrokerUnavailableError
from streams.access import Operation, Resource, access_plan
from streams.cli.errors import ExitCode
from streams.edge.admin import check_topics, create_topics
from streams.settings.model import Settings
from streams.topics import topic_plan
from tests.brokers import give_up
from tests.deploy.secured_kafka import SecuredKafka
from tests.integration.serve_verb import ServeVerb
from tests.integration.topic_io import create_topic
from tests.integration.worker_verb import WorkerVerb, worker_settings

PREFIX = "fleet"
SOURCE = f"{PREFIX}-source"
MINUTE_MS = 60_000
BEGIN_MS = 1_767_830_400_000


def document(servers: str, **broker: Any) -> dict[str, Any]:
    settings = worker_settings(servers, PREFIX)
    return {**settings, "broker": {**settings["broker"], **broker}}


PLAN = {user.name: user for user in access_plan(Settings.model_validate(document("127.0.0.1:9092")))}
ADMIN, WORKER, SERVE, TELEMETRY, EVENTS, READER = PLAN


@pytest.fixture(scope="module")
def kafka() -> Iterator[SecuredKafka]:
    """With all permissions of the plan; the telemetry topic is somebody else's, and exists."""
    try:
        node = SecuredKafka([*PLAN, "stranger"])
    except BrokerUnavailableError as error:
        give_up(error, {"CI": "true"})
    with node:
        asyncio.run(create_topic(node.bootstrap_servers, SOURCE, 2))
        asyncio.run(node.allow(PLAN.values()))
        asyncio.run(create_topics(settings_of(node, ADMIN)))
        yield node


def as_user(kafka: SecuredKafka, user: str) -> dict[str, Any]:
    """Settings with which a program comes in as this user."""
    return document(
        kafka.secured,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        username=user,
        password=f"{user}-secret",
    )


def settings_of(kafka: SecuredKafka, user: str) -> Settings:
    return Settings.model_validate(as_user(kafka, user))


def test_the_admin_makes_the_topics_and_finds_them_as_they_should_be(kafka: SecuredKafka) -> None:
    assert asyncio.run(check_topics(settings_of(kafka, ADMIN))) == []


async def write(kafka: SecuredKafka, user: str, topic: str, values: list[bytes]) -> None:
    async with AIOKafkaProducer(**kafka.client(user), enable_idempotence=True, request_timeout_ms=10_000) as producer:
        for value in values:
            await producer.send_and_wait(topic, value, partition=0)


async def read(kafka: SecuredKafka, user: str, topic: str) -> list[bytes]:
    """What is on a topic, read without a group."""
    async with AIOKafkaConsumer(topic, **kafka.client(user), auto_offset_reset="earliest") as consumer:
        places = sorted(consumer.assignment())
        ends = await consumer.end_offsets(places)
        found: list[bytes] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            batches = await consumer.getmany(timeout_ms=1_000)
            found += [record.value for batch in batches.values() for record in batch]
        return found


def samples(count: int) -> list[bytes]:
    return [
        orjson.dumps({"metric": "load", "labels": {"host": "a"}, "timestamp": BEGIN_MS + i * MINUTE_MS, "value": i})
        for i in range(count)
    ]


def test_a_worker_does_all_its_work_and_others_read_it(kafka: SecuredKafka, tmp_path: Path) -> None:
    asyncio.run(write(kafka, TELEMETRY, SOURCE, [*samples(200), b"no telemetry"]))
    event = {"id": "CHG-1", "kind": "maintenance", "start": BEGIN_MS, "end": BEGIN_MS + MINUTE_MS}
    asyncio.run(write(kafka, EVENTS, f"{PREFIX}.events", [orjson.dumps(event)]))
    settings = as_user(kafka, WORKER)
    with WorkerVerb(tmp_path, "worker", settings) as worker:
        worker.until_ready()
        worker.until(lambda: worker.metrics()["checkpoints_total", ("forecast",)] > 0)
        worker.until(lambda: worker.metrics()["predictions_total", ("forecast",)] > 0)
        worker.until(lambda: worker.metrics()["read_records_total", ("correlate",)] > 0)
    assert "uthorization" not in worker.log
    # Restored from its own state, as the same user.
    with WorkerVerb(tmp_path, "again", settings) as again:
        again.until_ready()
        again.until(lambda: again.metrics()["restored_records_total", ("forecast",)] > 0)
    with ServeVerb(tmp_path, "serve", {**as_user(kafka, SERVE), "serve": {"port": 0, "now": "event"}}) as serve:
        serve.until_ready()
        serve.until(lambda: serve.get("/api/v1/series")[1]["items"])
    for user, topic in ((SERVE, "forecasts"), (SERVE, "samples"), (SERVE, "rejects"), (READER, "forecasts")):
        assert asyncio.run(read(kafka, user, f"{PREFIX}.{topic}")), (user, topic)


def test_a_worker_without_one_of_its_permissions_says_so(kafka: SecuredKafka, tmp_path: Path) -> None:
    """So the test above can fail."""
    with WorkerVerb(tmp_path, "stranger", as_user(kafka, READER)) as worker:
        assert worker.code() != ExitCode.OK
    assert "can't be created: Authorization failed" in worker.log


MAY_READ = [
    (user.name, permission.name)
    for user in PLAN.values()
    for permission in user.permissions
    if permission.resource is Resource.TOPIC and Operation.READ in permission.operations
]
MAY_WRITE = [
    (user.name, permission.name)
    for user in PLAN.values()
    for permission in user.permissions
    if permission.resource is Resource.TOPIC and Operation.WRITE in permission.operations
]
TOPICS = [SOURCE, *[spec.name for spec in topic_plan(Settings.model_validate(document("127.0.0.1:9092")))]]


@pytest.mark.parametrize("user", [*PLAN, "stranger"])
def test_nobody_writes_what_the_plan_does_not_say(kafka: SecuredKafka, user: str) -> None:
    async def tried() -> set[str]:
        written = set()
        async with AIOKafkaProducer(**kafka.client(user), request_timeout_ms=10_000) as producer:
            for topic in TOPICS:
                if (user, topic) in MAY_WRITE:
                    continue
                try:
                    await asyncio.wait_for(producer.send_and_wait(topic, b"forged", key=b"k", partition=0), 10)
                    written.add(topic)
                except (KafkaError, TimeoutError):
                    pass
        return written

    assert asyncio.run(tried()) == set()


@pytest.mark.parametrize("user", [*PLAN, "stranger"])
def test_nobody_reads_what_the_plan_does_not_say(kafka: SecuredKafka, user: str) -> None:
    async def tried() -> set[str]:
        seen = set()
        for topic in TOPICS:
            if (user, topic) in MAY_READ:
                continue
            async with AIOKafkaConsumer(**kafka.client(user), auto_offset_reset="earliest") as consumer:
                consumer.assign([TopicPartition(topic, 0)])
                try:
                    batches = await consumer.getmany(timeout_ms=300)
                    if any(batches.values()):
                        seen.add(topic)
                except TopicAuthorizationFailedError:
                    pass
        return seen

    assert asyncio.run(tried()) == set()


@pytest.mark.parametrize(
    ("user", "group", "is_let_in"),
    [
        (READER, f"{PREFIX}-reader-dashboards", True),
        (READER, f"{PREFIX}-forecast", False),
        (SERVE, f"{PREFIX}-forecast", False),
        (TELEMETRY, f"{PREFIX}-ingest", False),
    ],
)
def test_nobody_joins_the_workers_groups(kafka: SecuredKafka, user: str, group: str, is_let_in: bool) -> None:
    async def joined() -> bool:
        consumer = AIOKafkaConsumer(f"{PREFIX}.capacity", group_id=group, **kafka.client(user))
        try:
            await consumer.start()
            await consumer.getmany(timeout_ms=500)
            deadline = time.monotonic() + 20
            while not consumer.assignment() and time.monotonic() < deadline:
                await consumer.getmany(timeout_ms=200)
            return bool(consumer.assignment())
        except (GroupAuthorizationFailedError, TopicAuthorizationFailedError):
            return False
        finally:
            await consumer.stop()

    assert asyncio.run(joined()) is is_let_in
