"""What a version promises, and that each way of breaking it is found."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams.contract.compatibility import REMEDY, broken_promises
from streams.contract.schemas import schema_names, schema_of

RELEASED = Path(__file__).parents[3] / "deploy" / "contract" / "released"
FILES = sorted(RELEASED.rglob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_released_schemas_are_kept(path: Path) -> None:
    """A new version of a kind is another promise; a schema that was released stays where it is."""
    if f"v{schema_names()[path.stem]}" == path.parent.name:
        broken = broken_promises(orjson.loads(path.read_bytes()), schema_of(path.stem))
        assert not broken, "\n".join(broken)


def test_every_schema_of_the_first_release_is_there() -> None:
    assert {path.stem for path in RELEASED.glob("v1/*.json")} == set(schema_names())


def today() -> dict[str, Any]:
    return deepcopy(schema_of("capacity"))


def field(schema: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = schema["properties"][name]
    return found


def test_nothing_changed() -> None:
    assert not broken_promises(schema_of("capacity"), today())


def test_an_optional_field_may_be_added() -> None:
    schema = today()
    schema["properties"]["note"] = {"type": "string", "description": "for people"}
    assert not broken_promises(schema_of("capacity"), schema)


def test_a_value_may_be_added_to_an_enumeration() -> None:
    schema = today()
    field(schema, "status")["enum"].append("asleep")
    assert not broken_promises(schema_of("capacity"), schema)


def _removed(schema: dict[str, Any]) -> None:
    del schema["properties"]["limit"]
    schema["required"].remove("limit")


def _renamed(schema: dict[str, Any]) -> None:
    schema["properties"]["ceiling"] = schema["properties"].pop("limit")


def _retyped(schema: dict[str, Any]) -> None:
    field(schema, "limit")["type"] = "string"


def _now_null(schema: dict[str, Any]) -> None:
    limit = field(schema, "limit")
    limit["anyOf"] = [{"type": limit.pop("type"), "x-unit": limit.pop("x-unit")}, {"type": "null"}]


def _never_null(schema: dict[str, Any]) -> None:
    field(schema, "exhausted_at_p50_ms")["anyOf"].pop()


def _null_within(schema: dict[str, Any]) -> None:
    field(schema, "brier")["items"]["anyOf"].pop()


def _other_unit(schema: dict[str, Any]) -> None:
    field(schema, "eta_horizon_h")["x-unit"] = "ms"


def _other_unit_within(schema: dict[str, Any]) -> None:
    field(schema, "exhausted_at_p50_ms")["anyOf"][0]["x-unit"] = "s"


def _other_meaning(schema: dict[str, Any]) -> None:
    field(schema, "level")["description"] = "the last sample"


def _may_be_missing(schema: dict[str, Any]) -> None:
    schema["required"].remove("level")


def _new_and_required(schema: dict[str, Any]) -> None:
    schema["properties"]["note"] = {"type": "string", "description": "for people"}
    schema["required"].append("note")


def _lost_value(schema: dict[str, Any]) -> None:
    field(schema, "status")["enum"].remove("filling")


def _no_enumeration(schema: dict[str, Any]) -> None:
    del field(schema, "status")["enum"]


def _wider(schema: dict[str, Any]) -> None:
    field(schema, "urgency")["maximum"] = 100


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (_removed, "limit", "is gone"),
        (_renamed, "limit", "is gone, or has another name"),
        (_retyped, "limit", "another type"),
        (_now_null, "limit", "other types"),
        (_never_null, "exhausted_at_p50_ms", "other types"),
        (_null_within, "brier[]", "other types"),
        (_other_unit, "eta_horizon_h", "another unit"),
        (_other_unit_within, "exhausted_at_p50_ms", "another unit"),
        (_other_meaning, "level", "another meaning"),
        (_may_be_missing, "level", "may be missing"),
        (_new_and_required, "note", "new and required"),
        (_lost_value, "status", "no longer the values ['filling']"),
        (_no_enumeration, "status", "['ok', 'filling', 'imminent', 'exhausted']"),
        (_wider, "urgency", "another greatest value"),
    ],
)
def test_a_broken_promise_is_told_with_what_to_do(change: Any, place: str, says: str) -> None:
    schema = today()
    change(schema)
    broken = broken_promises(schema_of("capacity"), schema)
    assert any(f"capacity: {place} " in one and says in one for one in broken), broken
    assert all(one.endswith(REMEDY) for one in broken)


def test_what_lies_deeper_is_compared_too() -> None:
    schema = deepcopy(schema_of("incident"))
    members = schema["properties"]["members"]["items"]
    members["properties"]["series"]["items"]["properties"]["deviation"]["x-unit"] = "%"
    assert len(broken_promises(schema_of("incident"), schema)) == 1
    with_source = deepcopy(schema_of("samples"))
    with_source["properties"]["source"]["required"].append("topic_id")
    assert "source.topic_id was optional and is required" in broken_promises(schema_of("samples"), with_source)[0]
    labels = deepcopy(schema_of("capacity"))
    labels["properties"]["labels"]["additionalProperties"] = {"type": "integer"}
    assert "labels.*" in broken_promises(schema_of("capacity"), labels)[0]
