"""Files of limits: which labels a series must have, and the limit that it then has.

CSV: a header with label names and the column `limit`; an empty cell says nothing of its label. JSON: a list of objects,
each with `labels` and `limit`. Problems are named by line, or by place in the list.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from math import isfinite

from streams.settings.errors import Problem
from streams.settings.limits_file import LimitEntry

LIMIT = "limit"
LABELS = "labels"
JSON_FIELDS = {LABELS, LIMIT}

_Read = tuple[str, LimitEntry | None, str]
"""A place in the file, what it holds, and what is wrong with it."""


def parse_limits(text: str, *, is_json: bool) -> tuple[tuple[LimitEntry, ...], list[Problem]]:
    """The limits in a file's text, and what is wrong with it, by place."""
    read = list(_read_json(text) if is_json else _read_csv(text))
    problems = [Problem(place, problem) for place, _, problem in read if problem]
    places: dict[frozenset[tuple[str, str]], str] = {}
    for place, entry, _ in read:
        if entry is not None and places.setdefault(entry.labels, place) != place:
            problems.append(Problem(place, f"has the labels of {places[entry.labels]}"))
    entries = tuple([entry for _, entry, _ in read if entry is not None])
    if not entries and not problems:
        problems.append(Problem("", "has no limit in it"))
    return entries, problems


def _read_csv(text: str) -> Iterator[_Read]:
    reader = csv.reader(text.splitlines())
    header = [name.strip() for name in next(reader, [])]
    if header.count(LIMIT) != 1 or "" in header or len(set(header)) < len(header):
        yield "line 1", None, f"must name each column once, and one of them {LIMIT!r}, has {','.join(header)!r}"
        return
    for row in reader:
        place = f"line {reader.line_num}"
        if not row:
            continue
        if len(row) != len(header):
            yield place, None, f"has {len(row)} cells, the header has {len(header)}"
            continue
        cells = dict(zip(header, [cell.strip() for cell in row], strict=True))
        limit = number_of(cells.pop(LIMIT))
        labels = frozenset([(name, value) for name, value in cells.items() if value])
        yield _checked(place, labels, limit)


def _read_json(text: str) -> Iterator[_Read]:
    try:
        document = json.loads(text)
    except ValueError as error:
        yield "", None, f"is not JSON: {error}"
        return
    if not isinstance(document, list):
        yield "", None, 'must be a list of objects such as {"labels": {"host": "a"}, "limit": 100}'
        return
    for number, item in enumerate(document):
        yield _json_entry(f"[{number}]", item)


def _json_entry(place: str, item: object) -> _Read:
    if not isinstance(item, Mapping) or set(item) != JSON_FIELDS:
        return place, None, "must be an object with labels and limit, and nothing else"
    labels, limit = item[LABELS], item[LIMIT]
    if not isinstance(labels, Mapping) or not all(isinstance(value, str) for value in labels.values()):
        return f"{place}.{LABELS}", None, "must be an object of texts"
    is_number = isinstance(limit, int | float) and not isinstance(limit, bool) and isfinite(limit)
    return _checked(place, frozenset(labels.items()), float(limit) if is_number else None)


def _checked(place: str, labels: frozenset[tuple[str, str]], limit: float | None) -> _Read:
    if limit is None:
        return f"{place}.{LIMIT}" if place.startswith("[") else f"{place}, {LIMIT}", None, "must be a finite number"
    if not labels:
        return place, None, "names no label: a limit for everything is limit.value"
    return place, LimitEntry(labels, limit), ""


def number_of(text: str) -> float | None:
    """The finite number that a text is, written as JSON would; None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in text else None
