"""The AsyncAPI document: its references, that examples fit, and that the published one is what the code generates."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml
from jsonschema import Draft202012Validator

from streams.contract.asyncapi import KAFKA_BINDING, asyncapi_document
from streams.contract.kinds import KINDS
from streams.contract.schemas import schema_names, schema_of
from streams.schema import RecordKind, event_type
from streams.settings.model import Settings
from streams.topics import topic_plan

PUBLISHED = Path(__file__).parents[3] / "deploy" / "contract"
AGAIN = "make contract writes it anew"


@cache
def settings() -> Settings:
    return Settings.model_validate({"sources": [{"topic": "telemetry"}]})


@cache
def document() -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(orjson.dumps(asyncapi_document(settings(), "0.1.0")))
    return read


def test_every_public_topic_is_a_channel_as_it_is_created() -> None:
    plan = {spec.name: spec for spec in topic_plan(settings()) if "changelog" not in spec.name}
    channels = {channel["address"]: channel["bindings"]["kafka"] for channel in document()["channels"].values()}
    assert channels.keys() == plan.keys() | {"telemetry"}
    for name, spec in plan.items():
        assert channels[name]["partitions"] == spec.partitions
        assert ",".join(channels[name]["topicConfiguration"]["cleanup.policy"]) == spec.configs["cleanup.policy"]
        assert channels[name]["bindingVersion"] == KAFKA_BINDING


def test_every_kind_is_a_message_of_one_channel() -> None:
    carried = [name for channel in document()["channels"].values() for name in channel["messages"]]
    for kind in RecordKind:
        assert carried.count(str(kind)) == 1
    assert "end_of_key" in document()["channels"]["capacity"]["messages"]
    assert "end_of_key" not in document()["channels"]["rejects"]["messages"]


def test_references_lead_somewhere() -> None:
    text = orjson.dumps(document()).decode()
    for reference in set(re.findall(r'"\$ref":"#/([^"]+)"', text)):
        place: Any = document()
        for part in reference.split("/"):
            place = place[part]


def test_what_is_sent_and_what_is_received() -> None:
    operations = document()["operations"]
    sent = {name.partition(".")[2] for name, one in operations.items() if one["action"] == "send"}
    received = {name.partition(".")[2] for name, one in operations.items() if one["action"] == "receive"}
    assert received == {"events", "telemetry", "samples", "signals"}
    assert sent | received == document()["channels"].keys()
    assert not sent & {"events", "telemetry"}


def test_examples_fit_payload_headers_and_key() -> None:
    messages = document()["components"]["messages"]
    for kind in RecordKind:
        message, (example,) = messages[kind], messages[kind]["examples"]
        Draft202012Validator(message["payload"]).validate(example["payload"])
        Draft202012Validator(message["headers"]).validate(example["headers"])
        assert example["headers"]["ce_type"] == event_type(kind)
        assert message["bindings"]["kafka"]["key"]["pattern"] == KINDS[kind].key
    for name in ("telemetry", "event_message"):
        Draft202012Validator(messages[name]["payload"]).validate(messages[name]["examples"][0]["payload"])


def test_settings_show_in_it_and_secrets_do_not() -> None:
    given = Settings.model_validate(
        {
            "broker": {
                "bootstrap_servers": ["kafka-1:9093"],
                "security_protocol": "SASL_SSL",
                "sasl_mechanism": "PLAIN",
                "username": "foreshock",
                "password": "hunter2",
            },
            "topics": {"prefix": "shop", "partitions": 3},
            "sources": [{"topic": "prom.metrics", "codec": "prometheus"}],
        }
    )
    made = asyncapi_document(given, "0.1.0")
    assert made["servers"] == {"broker-1": {"host": "kafka-1:9093", "protocol": "kafka-secure"}}
    assert made["channels"]["capacity"]["address"] == "shop.capacity"
    assert made["channels"]["capacity"]["bindings"]["kafka"]["partitions"] == 3
    assert list(made["channels"]["prom.metrics"]["messages"]) == ["telemetry_of_others"]
    assert "hunter2" not in str(made)


def _without_figures(part: Any) -> Any:
    """Examples by their form: their figures are those of the release and the machine that made them."""
    if isinstance(part, dict):
        return {key: _form(one) if key == "examples" else _without_figures(one) for key, one in part.items()}
    return [_without_figures(one) for one in part] if isinstance(part, list) else part


def _form(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _form(one) for key, one in part.items()}
    return [_form(one) for one in part] if isinstance(part, list) and part and isinstance(part[0], dict) else None


def test_the_published_document_is_what_the_code_generates() -> None:
    published = yaml.safe_load((PUBLISHED / "asyncapi.yaml").read_text())
    assert _without_figures(published) == _without_figures(document()), AGAIN


def test_the_published_schemas_are_what_the_code_generates() -> None:
    files = {f"v{number}/{name}.json": schema_of(name) for name, number in schema_names().items()}
    found = {str(path.relative_to(PUBLISHED / "schemas")): path for path in (PUBLISHED / "schemas").rglob("*.json")}
    assert found.keys() == files.keys(), AGAIN
    for name, path in found.items():
        assert orjson.loads(path.read_bytes()) == schema_of(path.stem), f"{name}: {AGAIN}"
