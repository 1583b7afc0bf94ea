"""Environment variables over the file: ``FORESHOCK_<SECTION>__<KEY>``, with places in lists as numbers."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from streams.settings.document import parse_value
from streams.settings.errors import Problem
from streams.settings.keys import Path, all_paths, is_text, is_texts, type_at
from streams.settings.model import Settings

PREFIX = "FORESHOCK_"
SEPARATOR = "__"
NOT_SETTINGS = frozenset({"FORESHOCK_CONFIG", "FORESHOCK_TEST_BROKER"})

# Kubernetes gives each container variables of this form for every service whose name begins with "foreshock".
_SERVICE_LINK = re.compile(r".*(_SERVICE_HOST|_SERVICE_PORT(_\w+)?|_PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?)")


class Override(NamedTuple):
    """A setting from the environment."""

    path: Path
    variable: str
    value: Any


def read_overrides(environ: Mapping[str, str]) -> tuple[list[Override], list[Problem]]:
    """The settings in the environment, outer ones first, and the variables that are none."""
    overrides, problems = [], []
    for variable in _ours(environ):
        try:
            overrides.append(_override(variable, environ[variable]))
        except ValueError as error:
            problems.append(Problem(variable, str(error)))
    return sorted(overrides, key=lambda override: override.path), problems


def apply_overrides(document: dict[str, Any], overrides: list[Override]) -> tuple[dict[str, Any], list[Problem]]:
    """The document with the overrides in place; the given one stays as it is."""
    problems = []
    for override in overrides:
        try:
            document = _replaced(document, override.path, override.value)
        except ValueError as error:
            problems.append(Problem(override.variable, str(error)))
    return document, problems


def variable_name(path: Path) -> str:
    """The variable that sets a path."""
    return PREFIX + SEPARATOR.join([str(key).upper() for key in path])


def _ours(environ: Mapping[str, str]) -> Iterator[str]:
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in NOT_SETTINGS and not _is_service_link(variable):
            yield variable


def _is_service_link(variable: str) -> bool:
    # A setting may end in _PORT as well.
    return bool(_SERVICE_LINK.fullmatch(variable)) and type_at(Settings, _path_of(variable)) is None


def _path_of(variable: str) -> Path:
    parts = variable.removeprefix(PREFIX).lower().split(SEPARATOR)
    return tuple([int(part) if part.isascii() and part.isdigit() else part for part in parts])


def _override(variable: str, text: str) -> Override:
    path = _path_of(variable)
    value_type = type_at(Settings, path)
    if value_type is None:
        raise ValueError(_unknown(variable))
    return Override(path, variable, _value_of(text, value_type))


def _value_of(text: str, value_type: Any) -> Any:
    # Text stays as it is: a password of digits is no number, and a pattern with * no alias of YAML's.
    if is_text(value_type) or (is_texts(value_type) and not text.lstrip().startswith("[")):
        return text
    return parse_value(text)


def _unknown(variable: str) -> str:
    names = [variable_name(path) for path in all_paths(Settings)]
    nearest = difflib.get_close_matches(re.sub(r"__\d+(?=__|$)", "__0", variable), names, n=1)
    return "names no setting" + (f"; did you mean {nearest[0]}?" if nearest else "")


def _replaced(node: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(key, int):
        return _replaced_item(node, key, rest, value)
    if not isinstance(node, dict | None):
        return node  # of the wrong kind, which validation reports
    section = node or {}
    return section | {key: _replaced(section.get(key), rest, value)}


def _replaced_item(node: Any, place: int, rest: Path, value: Any) -> Any:
    if not isinstance(node, list | None):
        return node  # of the wrong kind, which validation reports
    items = node or []
    if place > len(items):
        raise ValueError(f"sets item {place} of a list of {len(items)}: items are counted from 0, without gaps")
    old = items[place] if place < len(items) else None
    return [*items[:place], _replaced(old, rest, value), *items[place + 1 :]]
