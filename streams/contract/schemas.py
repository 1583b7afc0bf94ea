"""JSON Schemas (2020-12) of our records and of what others send, from the types that builders are checked against.

A schema is open: fields may be added to a version, so a reader has to pass over those that it doesn't know. `closed`
makes of it one that knows no other fields, for tests of what is published.
"""

from typing import Any

from pydantic import TypeAdapter

from streams.contract.kinds import KINDS
from streams.contract.records.inputs import EventMessage, TelemetryMessage
from streams.events import EVENT_VERSION
from streams.schema import SCHEMA_VERSIONS, RecordKind

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TELEMETRY_VERSION = 1

INPUTS: dict[str, tuple[Any, int]] = {
    "telemetry": (TelemetryMessage, TELEMETRY_VERSION),
    "event_message": (EventMessage, EVENT_VERSION),
}
"""What others send: name, type, and version."""

Schema = dict[str, Any]


def schema_names() -> dict[str, int]:
    """All schemas, records first, with the version of each."""
    return {**{str(kind): SCHEMA_VERSIONS[kind] for kind in RecordKind}, **{name: v for name, (_, v) in INPUTS.items()}}


def schema_of(name: str) -> Schema:
    """The schema of a kind of record, or of an input."""
    if name in INPUTS:
        fields, version = INPUTS[name]
        schema = _inlined(TypeAdapter(fields).json_schema())
    else:
        kind = RecordKind(name)
        version = SCHEMA_VERSIONS[kind]
        schema = _inlined(TypeAdapter(KINDS[kind].fields).json_schema())
        for field, constant in (("v", version), ("kind", str(kind))):
            schema["properties"][field] = {"const": constant, "description": schema["properties"][field]["description"]}
    return {"$schema": DIALECT, "$id": f"urn:foreshock:{name}:v{version}", "title": name} | schema


def closed(schema: Any) -> Any:
    """The schema, for which a field that it doesn't name is an error."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: closed(part) for key, part in schema.items()}
    return parts | {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else parts


def _inlined(schema: Schema) -> Schema:
    """Without references, which older dialects know no words beside; and without titles, which repeat the names."""
    definitions = schema.pop("$defs", {})
    inlined: Schema = _resolved(schema, definitions)
    return inlined


def _resolved(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_resolved(one, definitions) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        definition = definitions[part["$ref"].rpartition("/")[2]]
        rest = {key: one for key, one in part.items() if key != "$ref"}
        return _resolved(definition | rest, definitions)
    return {
        key: {name: _resolved(one, definitions) for name, one in value.items()}
        if key == "properties"
        else _resolved(value, definitions)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str))
    }
