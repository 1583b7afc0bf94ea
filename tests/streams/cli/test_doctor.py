"""The verb `doctor` on a broker."""

import asyncio
from pathlib import Path

import orjson
import pytest
import yaml
from click.testing import CliRunner

from load.brokers.broker import Broker
from streams.cli.doctor import doctor
from streams.cli.errors import BrokerUnavailableError, UserError
from streams.settings.model import Settings
from tests.integration.topic_io import create_topic, fill
from tests.streams.doctor.topics import fleet


def test_a_topic_on_a_broker(broker: Broker, topic_prefix: str, tmp_path: Path) -> None:
    topic, path = f"{topic_prefix}-telemetry", tmp_path / "foreshock.yaml"
    asyncio.run(create_topic(broker.bootstrap_servers, topic, 2))
    asyncio.run(fill(broker.bootstrap_servers, topic, 2, map(orjson.dumps, fleet(10))))
    arguments = ["--topic", topic, "--broker", broker.bootstrap_servers]
    result = CliRunner(env={"FORESHOCK_CONFIG": None}).invoke(doctor, [*arguments, "--write", str(path)])
    assert result.exit_code == 0, result.output
    assert f"{topic}: 2 partitions, 210 messages" in result.output
    settings = Settings.model_validate(yaml.safe_load(path.read_text()))
    assert settings.sources[0].topic == topic
    assert settings.topics.replication_factor == 1
    assert settings.broker.bootstrap_servers == (broker.bootstrap_servers,)
    assert [rule.name for rule in settings.capacity] == ["cpu", "volume"]
    few = CliRunner(env={"FORESHOCK_CONFIG": None}).invoke(doctor, [*arguments, "--messages", "20"])
    assert "looked at the newest 20 of them" in few.output


def test_a_topic_that_is_missing(broker: Broker, topic_prefix: str) -> None:
    asyncio.run(create_topic(broker.bootstrap_servers, f"{topic_prefix}-telemetry", 1))
    arguments = ["--topic", f"{topic_prefix}-telemetri", "--broker", broker.bootstrap_servers]
    with pytest.raises(
        UserError, match=f"no topic '{topic_prefix}-telemetri'; did you mean '{topic_prefix}-telemetry'"
    ):
        CliRunner(env={"FORESHOCK_CONFIG": None}).invoke(doctor, arguments, catch_exceptions=False)


def test_a_broker_that_is_not_there() -> None:
    with pytest.raises(BrokerUnavailableError):
        CliRunner(env={"FORESHOCK_CONFIG": None}).invoke(
            doctor, ["--topic", "telemetry", "--broker", "127.0.0.1:1"], catch_exceptions=False
        )


def test_a_file_that_is_there_already(tmp_path: Path) -> None:
    (tmp_path / "foreshock.yaml").write_text("")
    with pytest.raises(UserError, match="already"):
        CliRunner().invoke(
            doctor, ["--topic", "t", "--write", str(tmp_path / "foreshock.yaml")], catch_exceptions=False
        )


def test_a_folder_that_is_not_there_is_noticed_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "nope" / "x.yaml"
    with pytest.raises(UserError, match=f"{path} can't be written: there is no folder {path.parent}"):
        CliRunner().invoke(
            doctor, ["--topic", "t", "--broker", "127.0.0.1:1", "--write", str(path)], catch_exceptions=False
        )
