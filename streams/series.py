"""Series and entities: their names, and the partition they belong to.

A series is a metric name and its labels, written ``name{a="x",b="y"}`` with the labels sorted by name; without
labels it is the bare metric name. An entity is the subset of labels that names the thing a series belongs to
(host, pod, service). All series of an entity share one partition of the samples topic.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

Labels = tuple[tuple[str, str], ...]
"""Label pairs, sorted by label name."""


class SeriesKey(NamedTuple):
    """The identity of a series."""

    metric: str
    labels: Labels


key_of: Callable[[tuple[str, Labels]], SeriesKey] = partial(tuple.__new__, SeriesKey)
"""The key of a metric and labels, for where each sample makes one: the constructor does it in Python, and takes twice
as long."""

_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n"}
_UNESCAPES = {escaped: plain for plain, escaped in _ESCAPES.items()}
_ESCAPED = re.compile(r'\\[\\"n]')
_NEEDS_ESCAPE = re.compile(r'[\\"\n]')
_PAIR = re.compile(r'\s*([^\s="{},]+)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)')


def labels_of(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> Labels:
    """Sort label pairs into their canonical form."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    return tuple(sorted(items))


def labels_text(labels: Labels) -> str:
    """Labels as ``{a="x",b="y"}``; ``{}`` when there are none."""
    return "{" + ",".join([f'{name}="{_escape(value)}"' for name, value in labels]) + "}"


def series_name(key: SeriesKey) -> str:
    """The one way a series is written, in records, keys and files."""
    return key.metric + labels_text(key.labels) if key.labels else key.metric


def parse_series(text: str) -> SeriesKey:
    """Read a name that `series_name` wrote.

    Raises
    ------
    ValueError
        If the labels can't be read; the message names the place.
    """
    if not text.endswith("}") or "{" not in text:
        return SeriesKey(text, ())
    metric, _, body = text[:-1].partition("{")
    pairs: dict[str, str] = {}
    position = 0
    while position < len(body):
        match = _PAIR.match(body, position)
        if match is None:
            raise ValueError(f"series {text!r}: cannot read labels from {body[position:]!r}")
        name, value = match.groups()
        if name in pairs:
            raise ValueError(f"series {text!r}: label {name!r} appears twice")
        pairs[name] = _ESCAPED.sub(lambda escape: _UNESCAPES[escape.group()], value)
        position = match.end()
    return SeriesKey(metric, labels_of(pairs))


def entity_of(labels: Labels, entity_labels: frozenset[str]) -> Labels:
    """The labels that name the entity: the configured ones that are present; if none is, all labels."""
    named = tuple([pair for pair in labels if pair[0] in entity_labels])
    return named or labels


def partition_of(entity: str, partitions: int) -> int:
    """The partition of an entity, of its text form: the same in every process and on every machine."""
    return zlib.crc32(entity.encode()) % partitions


def _escape(value: str) -> str:
    return _NEEDS_ESCAPE.sub(lambda plain: _ESCAPES[plain.group()], value)
