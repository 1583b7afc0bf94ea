"""What the doctor finds, and that its configuration is one."""

from pathlib import Path

import orjson
import pytest
import yaml
from click.testing import CliRunner

from streams.cli.check import check
from streams.doctor.examination import Examination, examine
from streams.doctor.report import report
from streams.settings.model import Settings
from tests.streams.codecs.samples import otlp, telegraf
from tests.streams.doctor.topics import T_MS, fleet, native, sampled

SERVERS = ["127.0.0.1:9092"]


def settings_of(found: Examination) -> Settings:
    return Settings.model_validate(yaml.safe_load(found.text))


@pytest.fixture(scope="module")
def healthy() -> Examination:
    return examine(sampled(fleet()), SERVERS)


def test_a_configuration_that_check_accepts(healthy: Examination, tmp_path: Path) -> None:
    path = tmp_path / "foreshock.yaml"
    path.write_text(healthy.text)
    result = CliRunner(env={"FORESHOCK_CONFIG": None}).invoke(check, [str(path)])
    assert result.exit_code == 0, result.output


def test_how_it_would_be_read(healthy: Examination) -> None:
    (source,) = settings_of(healthy).sources
    assert (source.topic, source.codec, source.entity, source.step_ms) == ("telemetry", "json", ("host",), 60_000)
    assert source.counters == ("requests_served",)
    assert source.gauges == ("queue_count",)
    assert [bounds.metric for bounds in source.bounds] == ["cpu_percent"]


def test_rules_that_the_names_suggest(healthy: Examination) -> None:
    rules = {rule.name: rule for rule in settings_of(healthy).capacity}
    assert rules.keys() == {"volume", "cpu"}
    assert rules["volume"].limit.metric == "volume_capacity_bytes"
    assert rules["cpu"].limit.value == 100.0


def test_what_is_said(healthy: Examination) -> None:
    text = "\n".join(report(healthy))
    for words in (
        "telemetry: 2 partitions, 1,420 messages",
        "formats: 420 json",
        "keys: 3 different on 100% of the messages",
        "entities by host: 3, each on one partition",
        "steps: 1m (21 series)",
        "out of order in their series: 0; twice: 0",
        "volume_used_bytes: 6 series by host, volume",
        "nothing rejected",
    ):
        assert words in text, text


def test_disorder() -> None:
    samples = list(fleet(12))
    late = native("cpu_percent", {"host": "h0"}, 3, 41.0)
    future = native("cpu_percent", {"host": "h1"}, 5000, 41.0)
    topic = sampled([*samples, samples[-3], late])
    ahead = sampled([future]).messages[0]._replace(broker_ms=T_MS, offset=999, partition=1)
    found = examine(topic._replace(messages=[*topic.messages, ahead]), SERVERS)
    assert (found.courses.late_rows, found.courses.double_rows, found.courses.future_rows) == (1, 2, 1)
    assert found.courses.latest_ms == 8 * 60_000
    reasons = {one.reason: one.rows for one in found.trial.refused}
    assert reasons == {"late": 1, "same_step": 1}
    assert "rejected: 1 late" in "\n".join(report(found))


def test_entities_on_several_partitions() -> None:
    found = examine(sampled(fleet(), by_entity=False), SERVERS)
    assert found.entities.split == 3
    assert "3 of them come on several partitions" in found.text
    assert "keys: none" in "\n".join(report(found))


def test_limits_that_do_not_meet_are_no_rule() -> None:
    samples = [native("disk_used_bytes", {"host": "a"}, step, 1.0) for step in range(5)]
    samples += [native("disk_limit_bytes", {"host": "b"}, step, 9.0) for step in range(5)]
    found = examine(sampled(samples), SERVERS)
    assert not settings_of(found).capacity
    assert "# no rule for disk_used_bytes: 0 of 1 series find disk_limit_bytes" in found.text


def test_series_of_hosts_and_of_services() -> None:
    samples = [native("cpu", {"host": f"h{n}", "zone": "z"}, step, 1.0) for n in range(4) for step in range(3)]
    samples += [native("errors", {"service": f"s{n}", "zone": "z"}, step, 1.0) for n in range(3) for step in range(3)]
    assert settings_of(examine(sampled(samples), SERVERS)).sources[0].entity == ("host", "service")


def test_a_topic_without_messages() -> None:
    assert "no message" in report(examine(sampled([]), SERVERS))[0]


@pytest.mark.parametrize("document", [telegraf(), otlp()])
def test_formats_and_what_can_not_be_read(document: dict[str, object]) -> None:
    topic = sampled([native("cpu", {"host": "a"}, 0, 1.0)])
    (first,) = topic.messages
    values = [first.value, orjson.dumps(document), b"\x00", b"{}", None]
    found = examine(topic._replace(messages=[first._replace(value=value) for value in values]), SERVERS)
    assert found.decoded.formats.total() == 5
    assert settings_of(found).sources[0].codec == "auto"
    assert {one.reason for one in found.trial.refused} >= {"malformed", "unknown_format", "empty_message"}


def test_values_that_are_none_are_told_and_not_looked_at() -> None:
    topic = sampled([native("cpu", {"host": "a"}, step, 1.0) for step in range(3)])
    stale = orjson.dumps({"name": "cpu", "labels": {"host": "a"}, "timestamp": "2023-11-14T22:20:00Z", "value": "NaN"})
    messages = [*topic.messages, topic.messages[-1]._replace(offset=9, value=stale)]
    found = examine(topic._replace(messages=messages), SERVERS)
    assert len(found.decoded) == 3
    assert [one.reason for one in found.trial.refused] == ["not_finite"]


@pytest.mark.parametrize(("brokers", "copies"), [(1, 1), (2, 2), (3, 3), (9, 3)])
def test_as_many_copies_as_there_are_brokers_up_to_three(brokers: int, copies: int) -> None:
    found = examine(sampled(fleet(5), brokers=brokers), ["kafka:9092"])
    assert yaml.safe_load(found.text)["topics"] == {"partitions": 8, "replication_factor": copies}
