"""Where the broker is: an option, the configuration, or this machine."""

from pathlib import Path

import pytest

from streams.cli.broker_options import BROKER_DEFAULT, client_of


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "foreshock.yaml"
    path.write_text("broker: {bootstrap_servers: ['127.0.0.2:9092']}\nsources: [{topic: telemetry}]\n")
    return path


def test_without_anything_it_is_this_machine() -> None:
    assert client_of(None, None) == {"bootstrap_servers": [BROKER_DEFAULT]}


def test_the_configuration_says_where(config: Path) -> None:
    assert client_of(None, config)["bootstrap_servers"] == ["127.0.0.2:9092"]


def test_the_option_goes_over_it_and_leaves_the_rest(config: Path) -> None:
    client = client_of("127.0.0.3:9092", config)
    assert client["bootstrap_servers"] == ["127.0.0.3:9092"]
    assert set(client) == set(client_of(None, config))
