"""Every rule of the settings: a configuration that breaks it, and the problem reported for it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.settings.errors import Problem, SettingsError
from streams.settings.load import load_settings
from streams.settings.section import Section

SOURCE = {"topic": "telemetry"}
CAPACITY = {"name": "disk", "metric": "disk_used", "limit": {"value": 90}}
FAILURE = {"name": "errors", "metric": "error_rate", "above": 0.05, "for": "5m", "within": "1h"}
MONTH_END = {"name": "month-end", "last_days_of_month": 2}
SALE = {"name": "sale", "dates": [date(2026, 11, 27), "2027-11-26"]}
MANY_DAYS = [date(2000, 1, 1) + timedelta(days=n) for n in range(1_001)]
SASL = {"security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN", "username": "me", "password": "hunter2"}


def problems(tmp_path: Path, document: dict[str, Any]) -> list[Problem]:
    """The problems of a configuration; sources are added where it has none."""
    file = tmp_path / "foreshock.yaml"
    file.write_text(yaml.safe_dump({"sources": [SOURCE]} | document))
    try:
        load_settings(file, {})
    except SettingsError as error:
        return error.problems
    return []


def without(section: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in section.items() if name != key}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"broker": {}},
        {"broker": None, "capacity": None},
        {"broker": SASL},
        {"broker": {"bootstrap_servers": "a:1, [::1]:9092"}},
        {"broker": {"security_protocol": "SSL", "ca_file": "/ca", "cert_file": "/cert", "key_file": "/key"}},
        {"sources": [SOURCE | {"step": "1m", "aggregate": "mean", "lateness_steps": 2}]},
        {"capacity": [CAPACITY | {"limit": {"metric": "disk_size"}, "direction": "down", "labels": {"env": "prod"}}]},
        {"capacity": [CAPACITY], "failures": [FAILURE | {"name": "disk"}]},
        {"failures": [without(FAILURE, "above") | {"below": 0}]},
        {"failures": [FAILURE | {"for": "1h"}]},
        {"sources": [SOURCE | {"timezone": "America/Argentina/Buenos_Aires"}]},
        {"calendar": None},
        {"calendar": [MONTH_END, SALE, SALE | {"name": "x"}, {"name": "y", "first_days_of_month": 14}]},
        {"calendar": [SALE | {"dates": [date(1970, 1, 1), date(2100, 12, 31)], "last_days_of_month": None}]},
        {"limits": {"value_abs": "1e12", "timestamp_max": "2030-01-01T00:00:00Z"}},
    ],
)
def test_accepts(tmp_path: Path, document: dict[str, Any]) -> None:
    assert problems(tmp_path, document) == []


TYPES: list[tuple[dict[str, Any], str, str]] = [
    ({"broker": 5}, "broker", "must be a section of keys and values, got 5"),
    ({"broker": ["hunter2"]}, "broker", "must be a section of keys and values, got a list"),
    ({"sources": SOURCE}, "sources", "must be a list, got a section"),
    (
        {"capacity": [CAPACITY | {"limit": {"metric": "disk_used"}}]},
        "capacity[0].limit",
        "is the metric that it is the",
    ),
    ({"failures": [FAILURE | {"metric": "cpu_[ab"}]}, "failures[0].metric", "has a [ without its ], got 'cpu_[ab'"),
    ({"sources": [SOURCE | {"gauges": "a_[!b]*, a_["}]}, "sources[0].gauges[1]", "has a [ without its ], got 'a_['"),
    ({"serve": {"host": "0.0.0.0"}}, "serve.host", "0.0.0.0 can be reached by others"),
    ({"serve": {"client_ca_file": "ca"}}, "serve.client_ca_file", "has no effect without tls_cert_file"),
    ({"serve": {"tls_key_file": "key"}}, "serve.tls_cert_file", "give tls_cert_file and tls_key_file together"),
    ({"sources": []}, "sources", "must have at least one item"),
    ({"broker": {"bootstrap_servers": []}}, "broker.bootstrap_servers", "must have at least one item"),
    ({"broker": {"bootstrap_servers": [5]}}, "broker.bootstrap_servers[0]", "must be text, got 5; put it in quotes"),
    ({"forecast": {"quantiles": [q / 200 for q in range(1, 150)]}}, "forecast.quantiles", "must have at most 99 items"),
    ({"sources": [{}]}, "sources[0].topic", "is required"),
    ({"sources": [{"topic": ""}]}, "sources[0].topic", "is not a topic name Kafka allows"),
    ({"sources": [{"topic": ".."}]}, "sources[0].topic", "is not a topic name Kafka allows"),
    ({"sources": [{"topic": "t" * 250}]}, "sources[0].topic", "is not a topic name Kafka allows"),
    ({"sources": [{"topic": 5}]}, "sources[0].topic", "must be text, got 5; put it in quotes"),
    ({"sources": [SOURCE | {"codec": "jsn"}]}, "sources[0].codec", "must be one of auto, json, prometheus, telegraf"),
    ({"sources": [SOURCE | {"entity": ["host", ""]}]}, "sources[0].entity[1]", "must not be empty"),
    ({"sources": [SOURCE | {"step": "10"}]}, "sources[0].step", "is not a duration: '10'"),
    ({"sources": [SOURCE | {"step": "32d"}]}, "sources[0].step", "must be from 100ms to 31d, got 32d"),
    ({"topics": {"prefix": "a b"}}, "topics.prefix", "is not a topic name Kafka allows"),
    ({"topics": {"prefix": "x" * 201}}, "topics.prefix", "must have at most 200 characters"),
    ({"topics": {"partitions": 0}}, "topics.partitions", "must be at least 1, got 0"),
    ({"topics": {"partitions": 1.5}}, "topics.partitions", "must be a whole number, got 1.5"),
    ({"topics": {"partitions": "many"}}, "topics.partitions", "must be a whole number, got 'many'"),
    ({"topics": {"partitions": None}}, "topics.partitions", "must be a whole number, got nothing"),
    ({"forecast": {"horizon": True}}, "forecast.horizon", "must be a number, got true"),
    ({"forecast": {"horizon": 2_017}}, "forecast.horizon", "must be at most 2016, got 2017"),
    ({"limits": {"value_abs": 0}}, "limits.value_abs", "must be greater than 0.0, got 0"),
    ({"limits": {"value_abs": float("inf")}}, "limits.value_abs", "must be a finite number, got inf"),
    ({"limits": {"value_abs": "big"}}, "limits.value_abs", "must be a number, got 'big'"),
    ({"limits": {"timestamp_min": "2000"}}, "limits.timestamp_min", "is not an instant: '2000'"),
    ({"capacity": [CAPACITY | {"labels": {"port": 80}}]}, "capacity[0].labels.port", "must be text, got 80; put it in"),
    ({"capacity": [CAPACITY | {"labels": {80: "x"}}]}, "capacity[0].labels[80]", "must be text, got 80; put it in"),
    ({"sources": [SOURCE | {"bounds": [{"metric": "a"}]}]}, "sources[0].bounds[0].max", "is missing, and so is min"),
    (
        {"sources": [SOURCE | {"bounds": [{"metric": "a", "min": 5, "max": 5}]}]},
        "sources[0].bounds[0].max",
        "must be above min, which is 5, got 5",
    ),
    ({"sources": [SOURCE | {"bounds": [{"min": 5}]}]}, "sources[0].bounds[0].metric", "is required"),
    ({"sources": [SOURCE | {"timezone": 1}]}, "sources[0].timezone", "must be text, got 1; put it in quotes"),
    ({"sources": [SOURCE | {"timezone": None}]}, "sources[0].timezone", "must be text, got nothing"),
    ({"sources": [SOURCE | {"timezone": "x"}]}, "sources[0].timezone", "such as Europe/Berlin, got 'x'"),
    ({"calendar": MONTH_END}, "calendar", "must be a list, got a section"),
    ({"calendar": [without(MONTH_END, "name")]}, "calendar[0].name", "is required"),
    ({"calendar": [SALE | {"dates": []}]}, "calendar[0].dates", "must have at least one item"),
    ({"calendar": [SALE | {"dates": "2026-11-27"}]}, "calendar[0].dates", "must be a list, got '2026-11-27'"),
    (
        {"calendar": [SALE | {"dates": ["27.11.2026"]}]},
        "calendar[0].dates[0]",
        "is not a day: '27.11.2026'; write it as",
    ),
    ({"calendar": [SALE | {"dates": [20_261_127]}]}, "calendar[0].dates[0]", "is not a day: '20261127'"),
    ({"calendar": [SALE | {"dates": [datetime(2026, 1, 1, tzinfo=UTC)]}]}, "calendar[0].dates[0]", "is not a day"),
    (
        {"calendar": [SALE | {"dates": [date(2101, 1, 1)]}]},
        "calendar[0].dates[0]",
        "from 1970-01-01 to 2100-12-31, got",
    ),
    ({"calendar": [SALE | {"dates": [date(1969, 12, 31)]}]}, "calendar[0].dates[0]", "from 1970-01-01 to 2100-12-31"),
    ({"calendar": [SALE | {"dates": MANY_DAYS}]}, "calendar[0].dates", "must have at most 1000 items, has 1001"),
    (
        {"calendar": [MONTH_END | {"last_days_of_month": 0}]},
        "calendar[0].last_days_of_month",
        "must be at least 1, got",
    ),
    (
        {"calendar": [MONTH_END | {"last_days_of_month": 15}]},
        "calendar[0].last_days_of_month",
        "must be at most 14, got",
    ),
    ({"worker": {"instance_id": "a b"}}, "worker.instance_id", "is not an instance id Kafka allows"),
    ({"worker": {"stall_timeout": "1s"}}, "worker.stall_timeout", "must be from 5s to 1d, got 1s"),
    ({"worker": {"metrics": {"port": 65_536}}}, "worker.metrics.port", "must be at most 65535, got"),
    ({"worker": {"log_format": "x" * 100}}, "worker.log_format", "must be one of 'console' or 'json', got 'xxx"),
]

CROSS_CHECKS: list[tuple[dict[str, Any], str, str]] = [
    ({"broker": {"bootstrap_servers": "kafka"}}, "broker.bootstrap_servers", "must be host:port, got 'kafka'"),
    ({"broker": {"bootstrap_servers": "k:99999"}}, "broker.bootstrap_servers", "must be host:port, got 'k:99999'"),
    ({"broker": without(SASL, "password")}, "broker.password", "is required while security_protocol is SASL_SSL"),
    ({"broker": without(SASL, "username")}, "broker.username", "is required while security_protocol is SASL_SSL"),
    ({"broker": without(SASL, "sasl_mechanism")}, "broker.sasl_mechanism", "is required while security_protocol"),
    ({"broker": {"username": "me"}}, "broker.username", "has no effect while security_protocol is PLAINTEXT"),
    ({"broker": {"ca_file": "/ca"}}, "broker.ca_file", "has no effect while security_protocol is PLAINTEXT"),
    ({"broker": SASL | {"password_file": "/p"}}, "broker.password", "give either password or password_file, not both"),
    ({"broker": SASL | {"cert_file": "/c"}}, "broker.key_file", "give cert_file and key_file together or neither"),
    ({"sources": [SOURCE, SOURCE]}, "sources[1].topic", "'telemetry' is already the topic of sources[0]"),
    ({"sources": [{"topic": "foreshock.rejects"}]}, "sources[0].topic", "is one of foreshock's own topics"),
    (
        {"topics": {"prefix": "x"}, "sources": [{"topic": "x-forecast-state-changelog"}]},
        "sources[0].topic",
        "is one of foreshock's own topics",
    ),
    ({"sources": [SOURCE | {"aggregate": "mean"}]}, "sources[0].aggregate", "needs a step"),
    ({"sources": [SOURCE | {"lateness_steps": 1}]}, "sources[0].lateness_steps", "has no effect without aggregate"),
    ({"forecast": {"quantiles": [0.1, 0.9]}}, "forecast.quantiles", "must hold 0.5"),
    ({"forecast": {"quantiles": []}}, "forecast.quantiles", "must hold 0.5"),
    ({"forecast": {"quantiles": [0.5, 0.5]}}, "forecast.quantiles", "must ascend strictly, but 0.5 follows 0.5"),
    ({"forecast": {"quantiles": [0.5, 1.0]}}, "forecast.quantiles", "must lie strictly between 0 and 1, got 1.0"),
    ({"capacity": [CAPACITY, CAPACITY]}, "capacity[1].name", "'disk' is already the name of capacity[0]"),
    (
        {"capacity": [CAPACITY | {"limit": {}}]},
        "capacity[0].limit",
        "exactly one of value, metric, label, file, not none",
    ),
    (
        {"capacity": [CAPACITY | {"limit": {"value": 1, "metric": "m"}}]},
        "capacity[0].limit",
        "exactly one of value, metric, label, file, not value and metric",
    ),
    ({"failures": [FAILURE, FAILURE]}, "failures[1].name", "'errors' is already the name of failures[0]"),
    (
        {"sources": [SOURCE | {"timezone": "europe/berln"}]},
        "sources[0].timezone",
        "must be a time zone of the IANA list, such as Europe/Berlin, got 'europe/berln'; did you mean Europe/Berlin?",
    ),
    ({"calendar": [MONTH_END, SALE | {"name": "month-end"}]}, "calendar[1].name", "is already the name of calendar[0]"),
    (
        {"calendar": [{"name": f"{n}", "last_days_of_month": 1} for n in range(5)]},
        "calendar",
        "must have at most 4 items",
    ),
    ({"calendar": [SALE | {"dates": [date(2026, 1, 2), "2026-01-02"]}]}, "calendar[0].dates", "has 2026-01-02 twice"),
    (
        {"calendar": [{"name": "x"}]},
        "calendar[0]",
        "give exactly one of dates, first_days_of_month, last_days_of_month, not none",
    ),
    ({"calendar": [SALE | {"first_days_of_month": 1}]}, "calendar[0]", "not dates and first_days_of_month"),
    (
        {"calendar": [MONTH_END | {"first_days_of_month": 1}]},
        "calendar[0]",
        "not first_days_of_month and last_days_of_",
    ),
    ({"failures": [without(FAILURE, "above")]}, "failures[0]", "exactly one of above and below, not neither"),
    ({"failures": [FAILURE | {"below": 1}]}, "failures[0]", "exactly one of above and below, not both"),
    ({"failures": [FAILURE | {"for": "2h"}]}, "failures[0].within", "must be at least as long as 'for'"),
    (
        {"limits": {"timestamp_min": "2100-01-01T00:00:00Z"}},
        "limits",
        "timestamp_max must be after timestamp_min",
    ),
]

UNKNOWN_KEYS: list[tuple[dict[str, Any], str, str]] = [
    ({"brokr": {}}, "brokr", "unknown key 'brokr'; did you mean 'broker'?"),
    ({"capacity": [CAPACITY | {"metrik": 5}]}, "capacity[0].metrik", "unknown key 'metrik'; did you mean 'metric'?"),
    ({"failures": [FAILURE | {"for_ms": 5}]}, "failures[0].for_ms", "unknown key 'for_ms'; did you mean 'for'?"),
    (
        {"worker": {"zz": 1}},
        "worker.zz",
        "unknown key 'zz'; known keys here: checkpoint_interval, checkpoint_bytes_per_sample",
    ),
]


@pytest.mark.parametrize(("document", "path", "message"), TYPES + CROSS_CHECKS + UNKNOWN_KEYS)
def test_refuses(tmp_path: Path, document: dict[str, Any], path: str, message: str) -> None:
    [problem] = problems(tmp_path, document)
    assert problem.path == path
    assert message in problem.message


def test_reports_all_problems_at_once(tmp_path: Path) -> None:
    document = {
        "brokr": {},
        "sources": [SOURCE | {"step": "x"}, SOURCE | {"lateness_steps": 2, "extra": 1}, 5],
        "forecast": {"horizon": 0, "quantiles": [0.2]},
        "capacity": [CAPACITY, CAPACITY | {"limit": {}}],
        "calendar": [MONTH_END, MONTH_END | {"dates": ["x"]}, {"first_days_of_month": 0}],
    }
    assert {problem.path for problem in problems(tmp_path, document)} == {
        "brokr",
        "sources[0].step",
        "sources[1].topic",
        "sources[1].lateness_steps",
        "sources[1].extra",
        "sources[2]",
        "forecast.horizon",
        "forecast.quantiles",
        "capacity[1].name",
        "capacity[1].limit",
        "calendar[1].name",
        "calendar[1].dates[0]",
        "calendar[2].name",
        "calendar[2].first_days_of_month",
    }


@pytest.mark.parametrize(
    "broker",
    [
        {"pasword": "hunter2"},
        {"password": ["hunter2"]},
        {"password": 20391},
        {"password": "hunter2"},
        ["hunter2"],
        {"bootstrap_servers": {"password": "hunter2"}},
    ],
)
def test_problems_keep_secrets(tmp_path: Path, broker: object) -> None:
    found = problems(tmp_path, {"broker": broker})
    assert found
    assert "hunter2" not in str(found)
    assert "20391" not in str(found)


def test_each_key_is_described_in_one_sentence() -> None:
    sections = [section for section in Section.__subclasses__() if section.__module__.startswith("streams.settings.")]
    assert len(sections) >= 10
    for section in sections:
        for name, field in section.model_fields.items():
            description = field.description or ""
            assert description.endswith("."), f"{section.__name__}.{name}"
            assert ". " not in description, f"{section.__name__}.{name}"
