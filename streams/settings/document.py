"""A configuration file as plain data: YAML, read strictly, its errors with line and column."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from streams.settings.errors import Problem

# YAML's own words for these quote the text, which might be a password that lacks its quotes.
_UNQUOTED = {
    "found undefined alias": "text that begins with * must be in quotes",
    "could not determine a constructor for the tag": "text that begins with ! must be in quotes",
}


def read_document(path: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Read a file; see `parse_document`."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        return None, [Problem("", f"can't be read: {error.strerror}")]
    except UnicodeDecodeError as error:
        return None, [Problem("", f"is not UTF-8 text: byte {error.start} can't be read")]
    return parse_document(text)


def parse_document(text: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Read a file's text: its document, None if it has none that could be read, and what is wrong with it."""
    try:
        loader = _Loader(text)
        document = loader.get_single_data()
    except yaml.YAMLError as error:
        return None, [_problem(error)]
    if document is None:
        return {}, loader.problems
    if not isinstance(document, dict):
        return None, [Problem("", "must hold sections, such as 'sources:', at its top level")]
    return document, loader.problems


def parse_value(text: str) -> Any:
    """Read one YAML value, such as ``5``, ``[a, b]`` or ``{a: b}``.

    Raises
    ------
    ValueError
        If it is not YAML; the message says why.
    """
    try:
        return _Loader(text).get_single_data()
    except yaml.YAMLError as error:
        raise ValueError(_problem(error).message) from None


class _Loader(yaml.SafeLoader):
    """YAML's safe subset, in which a key may appear only once in a section."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.problems: list[Problem] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        self._find_keys_given_twice(node)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError:
            # Such as 2000-13-01, which has the form of a date.
            problem = "is not the number or date it looks like; text must be in quotes"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from None

    def _find_keys_given_twice(self, node: yaml.MappingNode) -> None:
        first_lines: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            line = key.start_mark.line + 1
            if key.value in first_lines:
                first = first_lines[key.value]
                self.problems.append(Problem(_place(key.start_mark), f"key {key.value!r} is on line {first} already"))
            first_lines.setdefault(key.value, line)


def _problem(error: yaml.YAMLError) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem("", f"is not YAML: {error}")
    words = error.problem or "can't be read"
    plain = next((text for beginning, text in _UNQUOTED.items() if words.startswith(beginning)), words)
    return Problem(_place(error.problem_mark), plain)


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"
