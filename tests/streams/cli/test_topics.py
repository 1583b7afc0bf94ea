"""The verb `topics`, on a broker and without one."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from click.testing import CliRunner, Result

from load.brokers.apache import ApacheKafka
from load.brokers.broker import Broker
from streams.cli.main import run
from streams.cli.topics import topics
from tests.integration.topic_io import create_topic, fill

NAMES = (
    ".events",
    ".samples",
    ".forecasts",
    ".capacity",
    ".failures",
    ".anomalies",
    ".incidents",
    ".quality",
    ".rejects",
    ".signals",
    "-forecast-state-changelog",
    "-correlate-state-changelog",
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "foreshock.yaml"
    path.write_text("sources: [{topic: telemetry}]\ntopics: {partitions: 2}\n")
    return path


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def test_create_then_check(config: Path, broker: Broker, topic_prefix: str) -> None:
    environ = {
        "FORESHOCK_BROKER__BOOTSTRAP_SERVERS": broker.bootstrap_servers,
        "FORESHOCK_TOPICS__PREFIX": topic_prefix,
        "FORESHOCK_SOURCES__0__TOPIC": f"{topic_prefix}-source",
    }

    def invoke(verb: str, *options: str, **more: str) -> Result:
        arguments = [verb, "--config", str(config), *options]
        return CliRunner(env=environ | more).invoke(topics, arguments, catch_exceptions=False)

    before = invoke("check")
    assert before.exit_code == 1
    assert before.output.splitlines() == [
        f"sources[0].topic: the broker has no topic '{topic_prefix}-source'",
        *[f"{topic_prefix}{name}: is missing; `foreshock topics create` makes it" for name in NAMES],
    ]

    assert invoke("create").output.splitlines() == [f"{topic_prefix}{name}: created" for name in NAMES]
    assert invoke("create").output.splitlines() == [f"{topic_prefix}{name}: exists" for name in NAMES]
    source = f"{topic_prefix}-source"
    assert invoke("create", "--sources").output.splitlines()[-1] == f"{source}: created"
    assert invoke("create", "--sources").output.splitlines()[-1] == f"{source}: exists"

    after = invoke("check")
    assert (after.exit_code, after.output) == (0, "12 topics are as they should be\n")

    changed = invoke("check", FORESHOCK_TOPICS__PARTITIONS="3", FORESHOCK_TOPICS__SAMPLES_RETENTION="1d")
    assert changed.exit_code == 1
    assert changed.output.splitlines()[:3] == [
        f"{topic_prefix}.events: has retention.ms=604800000, should have 86400000",
        f"{topic_prefix}.samples: has 2 partitions, should have 3",
        f"{topic_prefix}.samples: has retention.ms=604800000, should have 86400000",
    ]
    assert len(changed.output.splitlines()) == 14


def created(broker: Broker, prefix: str, config: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and complaint of `topics create`."""
    environ = {"FORESHOCK_BROKER__BOOTSTRAP_SERVERS": broker.bootstrap_servers, "FORESHOCK_TOPICS__PREFIX": prefix}
    with pytest.MonkeyPatch.context() as patch:
        for name, text in environ.items():
            patch.setenv(name, text)
        code = run(["topics", "create", "--config", str(config)])
    return code, capfd.readouterr().err


@pytest.mark.parametrize("ending", [".samples", "-forecast-state-changelog"])
def test_other_partitions_than_the_settings_say_are_refused(
    ending: str, config: Path, broker: Broker, topic_prefix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(create_topic(broker.bootstrap_servers, topic_prefix + ending, 3))
    code, complaint = created(broker, topic_prefix, config, capfd)
    assert code == 2
    assert f"topic {topic_prefix}{ending} has 3 partitions, the settings say 2." in complaint


def test_they_are_refused_though_the_broker_has_not_heard_of_the_topic_yet(
    config: Path, broker: Broker, topic_prefix: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(create_topic(broker.bootstrap_servers, f"{topic_prefix}.samples", 3))
    describe = AIOKafkaAdminClient.describe_topics
    answers: Iterator[list[dict[str, Any]]] = iter([[], []])

    async def late(admin: AIOKafkaAdminClient) -> list[dict[str, Any]]:
        described: list[dict[str, Any]] = await describe(admin) if (early := next(answers, None)) is None else early
        return described

    monkeypatch.setattr(AIOKafkaAdminClient, "describe_topics", late)
    code, complaint = created(broker, topic_prefix, config, capfd)
    assert code == 2
    assert f"topic {topic_prefix}.samples has 3 partitions, the settings say 2." in complaint


def test_a_samples_topic_that_was_deleted_is_not_made_anew_under_its_state(
    config: Path, broker: Broker, topic_prefix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    state = f"{topic_prefix}-forecast-state-changelog"
    asyncio.run(create_topic(broker.bootstrap_servers, state, 2))
    asyncio.run(fill(broker.bootstrap_servers, state, 2, [b"a section"]))
    code, complaint = created(broker, topic_prefix, config, capfd)
    assert code == 2
    assert f"topic {topic_prefix}.samples is missing, but {state} holds the state" in complaint


def test_a_samples_topic_is_made_beside_state_that_holds_nothing(
    config: Path, broker: Broker, topic_prefix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(create_topic(broker.bootstrap_servers, f"{topic_prefix}-forecast-state-changelog", 2))
    assert created(broker, topic_prefix, config, capfd) == (0, "")


@pytest.mark.parametrize("verb", ["create", "check"])
def test_without_a_broker(
    verb: str, config: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    address = closed_port()
    monkeypatch.setenv("FORESHOCK_BROKER__BOOTSTRAP_SERVERS", address)
    assert run(["topics", verb, "--config", str(config)]) == 3
    [line] = capfd.readouterr().err.splitlines()
    assert line.startswith(f"foreshock: can't reach Kafka at {address} (broker.bootstrap_servers): ")
    assert "Connect call failed" in line


def test_the_reason_is_known_when_the_client_is_silenced(
    config: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("FORESHOCK_BROKER__BOOTSTRAP_SERVERS", closed_port())
    with caplog.at_level(logging.CRITICAL, logger="aiokafka"):
        assert run(["topics", "check", "--config", str(config)]) == 3
        assert logging.getLogger("aiokafka").level == logging.CRITICAL
    assert "Connect call failed" in capfd.readouterr().err


def test_a_broker_that_never_answers(
    config: Path, silent_server: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("streams.edge.admin.CONNECT_SECONDS_MAX", 0.2)
    monkeypatch.setenv("FORESHOCK_BROKER__BOOTSTRAP_SERVERS", silent_server)
    assert run(["topics", "check", "--config", str(config)]) == 3
    [line] = capfd.readouterr().err.splitlines()
    assert line.endswith(f"can't reach Kafka at {silent_server} (broker.bootstrap_servers): no answer within 0.2 s")


def test_the_configuration_may_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], config: Path
) -> None:
    monkeypatch.setenv("FORESHOCK_CONFIG", str(config))
    config.write_text("sources: 5")
    assert run(["topics", "check"]) == 2
    assert capfd.readouterr().err == f"foreshock: {config}: sources: must be a list, got 5\n"


def test_too_many_copies_are_said_once(
    config: Path, kafka: ApacheKafka, topic_prefix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORESHOCK_TOPICS__REPLICATION_FACTOR", "3")
        code, complaint = created(kafka, topic_prefix, config, capfd)
    assert code == 2
    [line] = complaint.splitlines()
    assert line.startswith("foreshock: settings: topics.replication_factor: is 3, which the cluster can't keep: ")
