"""The contract in tests: what a record must be like, and the rows of the tables that document it."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
from jsonschema import Draft202012Validator

from streams.contract.kinds import KINDS
from streams.contract.schemas import closed, schema_of
from streams.schema import RecordKind, event_type

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@cache
def validator(name: str) -> Draft202012Validator:
    """Of a kind of record, or of an input; a field that is not documented is an error."""
    return Draft202012Validator(closed(schema_of(name)))


def complaints(key: str, value: bytes | None, headers: dict[str, str]) -> list[str]:
    """What is wrong with a record on one of our topics."""
    kind = RecordKind(headers["ce_type"].split(".")[2])
    found = [] if re.search(KINDS[kind].key, key) else [f"{kind}: the key {key!r}"]
    usual = {"ce_specversion": "1.0", "ce_source": "foreshock", "content-type": "application/json"}
    if headers != usual | {"ce_id": headers["ce_id"], "ce_type": event_type(kind)}:
        found.append(f"{kind}: the headers {headers}")
    # A record without a value ends its key.
    errors = [] if value is None else validator(kind).iter_errors(orjson.loads(value))
    return found + [f"{kind}: {list(error.absolute_path)}: {error.message:.300}" for error in errors]


def table_of(kind: str) -> list[str]:
    """The rows of a kind's table."""
    schema = schema_of(kind)
    properties = schema["properties"] | {"kind": {"description": f"`{kind}`"}}
    return [f"| `{path}` | {meaning} |" for path, meaning in _rows("", properties)]


def common_rows() -> list[str]:
    """The rows that all predictions of series have."""
    common = set(table_of("forecast")) & set(table_of("capacity"))
    rows = [row for row in table_of("forecast") if row in common or row.startswith("| `kind`")]
    return [row.replace("`forecast`", "what the record says") for row in rows]


def own_rows(kind: str) -> list[str]:
    """The rows of a prediction's own fields."""
    common = {row.split("|")[1] for row in common_rows()}
    return [row for row in table_of(kind) if row.split("|")[1] not in common]


def without_links(row: str) -> str:
    """A row of a table as it is where links can't be."""
    return _LINK.sub(r"\1", row)


def _rows(path: str, properties: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, schema in properties.items():
        if "properties" in schema:
            yield from _rows(f"{path}{name}.", schema["properties"])
            continue
        yield path + name, schema["description"]
        yield from _rows(f"{path}{name}[].", schema.get("items", {}).get("properties", {}))
