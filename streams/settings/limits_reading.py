"""The files of limits that capacity rules name, read once when the settings are loaded."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streams.settings.errors import Problem
from streams.settings.limits_file import LimitsFile
from streams.settings.limits_text import parse_limits

# A line for each of a million series.
FILE_BYTES_MAX = 64 * 2**20


def resolve_limits(document: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The document with limits in place of the paths of their files; without them where they can't be used."""
    rules = document.get("capacity")
    if not isinstance(rules, list):
        return document, []
    problems: list[Problem] = []
    resolved = []
    for number, rule in enumerate(rules):
        limit = rule.get("limit") if isinstance(rule, Mapping) else None
        path = limit.get("file") if isinstance(limit, Mapping) else None
        if isinstance(rule, Mapping) and isinstance(limit, Mapping) and isinstance(path, str) and path:
            file, wrong = _read(path, f"capacity[{number}].limit.file")
            problems += wrong
            rule = {**rule, "limit": {**limit, "file": file}}
        resolved.append(rule)
    return document | {"capacity": resolved}, problems


def _read(path: str, place: str) -> tuple[LimitsFile, list[Problem]]:
    """The file, empty where it can't be used: the rule is looked at further, so that all its problems are named."""
    try:
        raw = Path(path).read_bytes()
        if len(raw) > FILE_BYTES_MAX:
            return LimitsFile(path, ()), [Problem(place, f"{path}: is longer than {FILE_BYTES_MAX:,} bytes")]
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        return LimitsFile(path, ()), [Problem(place, f"can't be read: {path}: {reason}")]
    entries, problems = parse_limits(text, is_json=path.endswith(".json"))
    return LimitsFile(path, entries), [Problem(place, f"{path}: {problem}") for problem in problems]
