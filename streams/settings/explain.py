"""Validation errors in words for people: what is wrong, where, and what is allowed."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from streams.settings.errors import Problem
from streams.settings.keys import Key, keys_of, path_text, type_at
from streams.settings.model import Settings

VALUE_CHARACTERS_MAX = 60

_Limits = Mapping[str, Any]

# By pydantic's type of error: what the value must be. Its own words are for programmers.
_EXPECTED: dict[str, Callable[[_Limits], str]] = {
    "int_type": lambda _: "must be a whole number",
    "int_parsing": lambda _: "must be a whole number",
    "int_parsing_size": lambda _: "must be a whole number",
    "int_from_float": lambda _: "must be a whole number",
    "float_type": lambda _: "must be a number",
    "float_parsing": lambda _: "must be a number",
    "finite_number": lambda _: "must be a finite number",
    "string_type": lambda _: "must be text",
    "string_too_long": lambda limits: f"must have at most {limits['max_length']} characters",
    "tuple_type": lambda _: "must be a list",
    "dict_type": lambda _: "must be a section of keys and values",
    "model_type": lambda _: "must be a section of keys and values",
    "literal_error": lambda limits: f"must be one of {limits['expected']}",
    "less_than": lambda limits: f"must be less than {limits['lt']}",
    "greater_than": lambda limits: f"must be greater than {limits['gt']}",
    "greater_than_equal": lambda limits: f"must be at least {limits['ge']}",
    "less_than_equal": lambda limits: f"must be at most {limits['le']}",
}

# And those that do better without the value.
_COMPLETE: dict[str, Callable[[_Limits], str]] = {
    "missing": lambda _: "is required",
    "string_too_short": lambda _: "must not be empty",
    "too_long": lambda limits: f"must have at most {limits['max_length']} items, has {limits['actual_length']}",
    "invalid_key": lambda _: "is no text; put the key in quotes",
    "value_error": lambda limits: str(limits["error"]),
    "of_section": lambda limits: str(limits["message"]),
    "at_field": lambda limits: str(limits["message"]),
}


def problems_of(error: ValidationError) -> Iterator[Problem]:
    """What a failed validation of the settings found."""
    for detail in error.errors(include_url=False):
        if detail["type"] == "names":
            yield from detail["ctx"]["problems"]
        else:
            yield Problem(path_text(_path(detail)), _message(detail))


def _path(detail: ErrorDetails) -> tuple[Key, ...]:
    path = detail["loc"]
    if detail["type"] == "at_field":
        return (*path, detail["ctx"]["key"])
    # An error at a mapping's key ends in a marker; one of a section was raised at the last of its fields.
    return path[:-1] if detail["type"] == "of_section" or path[-1:] == ("[key]",) else path


def _message(detail: ErrorDetails) -> str:
    kind, limits = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(detail["loc"])
    if kind in _COMPLETE:
        return _COMPLETE[kind](limits)
    expected = _EXPECTED[kind](limits) if kind in _EXPECTED else detail["msg"]
    return expected + _got(detail) + _hint(detail)


def _unknown_key(path: tuple[Key, ...]) -> str:
    known = keys_of(type_at(Settings, path[:-1]))
    nearest = difflib.get_close_matches(str(path[-1]), known, n=1)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"known keys here: {', '.join(known)}"
    return f"unknown key {str(path[-1])!r}; {hint}"


def _got(detail: ErrorDetails) -> str:
    if type_at(Settings, detail["loc"]) is SecretStr:
        return ""
    return f", got {_shown(detail['input'])}"


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value) if isinstance(value, str | int | float) else str(value)
    return text if len(text) <= VALUE_CHARACTERS_MAX else text[:VALUE_CHARACTERS_MAX] + "..."


def _hint(detail: ErrorDetails) -> str:
    if detail["type"] == "string_type" and not isinstance(detail["input"], dict | list | None):
        return "; put it in quotes"
    return ""
