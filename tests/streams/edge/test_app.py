"""What a role's Faust app is made of, and what it must never start."""

from pathlib import Path

import pytest
from faust.web.base import Web

from streams.edge.app import EdgeApp, build_app
from streams.edge.limits import TransportLimits
from streams.edge.transport import BatchConsumer, EdgeProducer, EdgeTransport, NoOffsets
from streams.settings.model import Settings
from tests.integration.counting import settings_of


def app_of(settings: Settings | None = None) -> EdgeApp:
    return build_app(settings or settings_of("127.0.0.1:1", "prefix", "source"), "forecast", TransportLimits())


def test_no_web_server_is_started() -> None:
    app = app_of()
    assert not [service for service in app.boot_strategy.server() if isinstance(service, Web)]
    assert not app.boot_strategy._should_enable_web()


def test_the_group_and_the_changelog_are_named_after_prefix_and_role() -> None:
    settings = settings_of("127.0.0.1:1", "prefix", "source")
    app = app_of(settings)
    table = app.Table("state", key_type=bytes, value_type=bytes, partitions=8)
    assert app.conf.id == "prefix-forecast"
    assert table.changelog_topic.get_topic_name() == settings.topics.state


def test_the_working_directory_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app_of()._create_directories()
    assert list(tmp_path.iterdir()) == []


def test_our_transport_carries_consumer_and_producer() -> None:
    app = app_of()
    assert isinstance(app.transport, EdgeTransport)
    assert (EdgeTransport.Consumer, EdgeTransport.Producer) == (BatchConsumer, EdgeProducer)


def test_a_short_request_timeout_is_raised_to_the_session_timeout() -> None:
    document = {
        "broker": {"session_timeout": "40s", "request_timeout": "5s"},
        "sources": [{"topic": "t", "entity": ["host"]}],
    }
    assert app_of(Settings.model_validate(document)).conf.broker_request_timeout == 40.0


def test_the_mapping_of_seen_offsets_stays_empty() -> None:
    seen = NoOffsets()
    seen["tp"] = 3
    seen.update({"tp": 3})
    assert (seen["tp"], dict(seen)) == (None, {})
