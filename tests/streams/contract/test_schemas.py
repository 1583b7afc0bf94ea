"""Schemas of records and inputs."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from streams.codecs.events import READERS, decode_event, event_message
from streams.codecs.native import NativeCodec
from streams.contract.schemas import closed, schema_names, schema_of
from streams.contract.specimens import BEGIN_MS, EVENT, specimens
from streams.contract.words import SERIES_UNIT
from streams.events import Event
from streams.schema import RecordKind
from streams.settings.limits import LimitSettings
from tests.contract import complaints, validator
from tests.fuzz.documents import payloads

TIMED = ("_ms", "_h")


@pytest.mark.parametrize("name", schema_names())
def test_schemas_are_of_their_dialect(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(name))
    assert "$ref" not in orjson.dumps(schema_of(name)).decode()


@pytest.mark.parametrize("kind", RecordKind)
def test_real_records_have_the_fields_in_their_order_and_no_others(kind: RecordKind) -> None:
    record = specimens()[kind]
    headers = {name: text.decode() for name, text in record.headers}
    assert not complaints(record.key.decode(), record.value, headers)
    assert list(orjson.loads(record.value or b"")) == list(schema_of(kind)["properties"])


@pytest.mark.parametrize("kind", RecordKind)
def test_a_field_that_is_not_documented_is_found(kind: RecordKind) -> None:
    record = orjson.loads(specimens()[kind].value or b"")
    assert validator(kind).is_valid(record)
    assert not validator(kind).is_valid(record | {"another": 1})
    assert Draft202012Validator(schema_of(kind)).is_valid(record | {"another": 1}), "a reader passes it over"


@pytest.mark.parametrize("kind", RecordKind)
def test_a_missing_field_and_one_of_another_type_are_found(kind: RecordKind) -> None:
    record = orjson.loads(specimens()[kind].value or b"")
    for field in schema_of(kind)["required"]:
        assert not validator(kind).is_valid({name: value for name, value in record.items() if name != field})
        assert not validator(kind).is_valid(record | {field: {"no": ["such", "type"]}})


def _fields(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = list(schema.get("properties", {}).items())
    for part in [inner for _, inner in found] + [schema.get("items", {})]:
        found += _fields(part) if part else []
    return found


@pytest.mark.parametrize("name", schema_names())
def test_every_field_says_what_it_means_and_times_their_unit(name: str) -> None:
    for field, schema in _fields(schema_of(name)):
        assert schema["description"].removesuffix("...")[-1] != ".", "no full stop"
        if field.endswith(TIMED):
            assert '"x-unit"' in orjson.dumps(schema).decode(), field


def test_values_are_in_the_unit_of_their_series() -> None:
    assert schema_of("forecast")["properties"]["quantiles"]["x-unit"] == SERIES_UNIT


def test_closing_reaches_inner_objects() -> None:
    inner = closed(schema_of("incident"))["properties"]["members"]["items"]
    assert inner["additionalProperties"] is False


def test_an_event_has_the_fields_that_are_read() -> None:
    assert list(schema_of("event_message")["properties"]) == ["v", *READERS]


@given(payloads(EVENT, EVENT | {"end": BEGIN_MS + 1, "learn": True, "title": "disks"}))
def test_what_is_read_as_an_event_fits_its_schema(payload: bytes) -> None:
    event = decode_event(payload, LimitSettings())
    if isinstance(event, Event):
        assert validator("event_message").is_valid(orjson.loads(payload))
        assert validator("event_message").is_valid(orjson.loads(event_message(event)))


@pytest.mark.parametrize(
    "message",
    [
        {"metric": "cpu", "timestamp": 1_700_000_000, "value": 1},
        {"metric": "cpu", "labels": None, "timestamp": "2026-01-08T02:00:00Z", "value": 1.5},
        [{"metric": "cpu", "labels": {"host": "a"}, "timestamp": 1_700_000_000_000, "value": 1.5}],
        {"metric": ["cpu", "memory"], "labels": {"host": "a"}, "timestamp": 1_700_000_000, "value": [1, 2.5]},
    ],
)
def test_telemetry_that_is_read_fits_its_schema(message: object) -> None:
    assert not NativeCodec().decode(orjson.dumps(message), 10).rejects
    assert validator("telemetry").is_valid(message)


@pytest.mark.parametrize("message", [{"metric": "cpu", "value": 1}, {"metric": 1, "timestamp": 1, "value": 1}, "cpu"])
def test_telemetry_that_is_not_read_does_not(message: object) -> None:
    assert NativeCodec().decode(orjson.dumps(message), 10).rejects
    assert not validator("telemetry").is_valid(message)
