"""Whether a schema keeps what a released one of the same version has promised.

A field may be added, if it may be missing: records of before are still on the topics. Values may be added to an
enumeration. Nothing else may change under one version: readers rely on names, types, nullability, units and meanings.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

REMEDY = "raise its version in streams/schema.py"

_NESTED = ("properties", "required", "enum", "items", "anyOf", "prefixItems", "additionalProperties")
_HEAD = ("$id", "$schema", "title")


def broken_promises(released: Schema, today: Schema) -> list[str]:
    """Every promise that today's schema breaks, as a sentence each; none: it keeps them all."""
    name = str(released.get("title", "schema"))
    return [f"{name}: {place or 'the record'} {what}: {REMEDY}" for place, what in _differences("", released, today)]


def _differences(place: str, old: Schema, new: Schema) -> Iterator[tuple[str, str]]:
    for word in {**old, **new}:
        if word not in _NESTED + _HEAD and old.get(word) != new.get(word):
            yield place, f"has another {_called(word)}: {old.get(word)!r} was released, it is {new.get(word)!r}"
    lost = [value for value in old.get("enum", []) if value not in new.get("enum", [])]
    if lost or ("enum" in old) != ("enum" in new):
        yield place, f"has no longer the values {lost}" if lost else "became an enumeration, or is none any more"
    yield from _fields(place, old, new)
    for word in ("items", "additionalProperties"):
        yield from _parts(f"{place}[]" if word == "items" else f"{place}.*", old.get(word), new.get(word))
    for word in ("anyOf", "prefixItems"):
        yield from _alternatives(place, old.get(word, []), new.get(word, []))


def _fields(place: str, old: Schema, new: Schema) -> Iterator[tuple[str, str]]:
    before, now = old.get("properties", {}), new.get("properties", {})
    for field in before:
        where = f"{place}.{field}".lstrip(".")
        if field not in now:
            yield where, "was released and is gone, or has another name"
            continue
        if (field in old.get("required", [])) != (field in new.get("required", [])):
            yield (
                where,
                "was always there and may be missing" if field in old["required"] else "was optional and is required",
            )
        yield from _differences(where, before[field], now[field])
    for field in now:
        if field not in before and field in new.get("required", []):
            yield f"{place}.{field}".lstrip("."), "is new and required, while records of before lack it (NotRequired)"


def _parts(place: str, old: Any, new: Any) -> Iterator[tuple[str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _differences(place, old, new)
    elif old != new:
        yield place, "holds something else than was released"


def _alternatives(place: str, old: list[Schema], new: list[Schema]) -> Iterator[tuple[str, str]]:
    if len(old) != len(new):
        shown = [[one.get("type", one) for one in side] for side in (old, new)]
        yield place, f"has other types: {shown[0]} were released, they are {shown[1]}"
        return
    for before, now in zip(old, new, strict=True):
        yield from _differences(place, before, now)


def _called(word: str) -> str:
    return {"x-unit": "unit", "description": "meaning", "minimum": "least value", "maximum": "greatest value"}.get(
        word, word
    )
