"""Capacity rules that the metrics' names suggest: what is used with what there is, what is left, and percentages."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from streams.doctor.decoding import Decoded
from streams.doctor.entities import entities_of
from streams.series import Labels, SeriesKey

USED = ("used", "usage", "current", "in_use", "active")
LIMITS = ("capacity", "limit", "total", "size", "max")
LEFT = ("avail", "available", "free", "remaining")
PERCENT = ("_percent", "_pct")
PERCENT_MAX = 100.0


class Candidate(NamedTuple):
    """A rule. `limit` is a metric or a number; `met` of the `series` have their limit in their entity."""

    name: str
    metric: str
    limit: str | float
    direction: str
    series: int
    met: int


def candidates(decoded: Decoded, labels: Sequence[str]) -> list[Candidate]:
    """All that suggest themselves, by the metric's name."""
    by_metric: defaultdict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(decoded.series):
        by_metric[key.metric].append(place)
    entities = entities_of(decoded.series, labels)
    found = []
    for metric in sorted(by_metric):
        places = by_metric[metric]
        for limit in _limits(metric):
            if limit in by_metric:
                met = _met(decoded.series, entities, places, by_metric[limit])
                found.append(Candidate(_name(metric), metric, limit, "up", len(places), met))
                break
        else:
            found += _by_itself(decoded, metric, places)
    return found


def percentages(decoded: Decoded) -> list[str]:
    """Metrics that lie between 0 and 100."""
    metrics = sorted({key.metric for key in decoded.series if key.metric.endswith(PERCENT)})
    return [metric for metric in metrics if _within_percent(decoded, metric)]


def _by_itself(decoded: Decoded, metric: str, places: list[int]) -> Iterator[Candidate]:
    if metric.endswith(PERCENT) and _within_percent(decoded, metric):
        yield Candidate(_name(metric), metric, PERCENT_MAX, "up", len(places), len(places))
    elif any(f"_{word}_" in f"{metric}_" for word in LEFT):
        yield Candidate(_name(metric), metric, 0.0, "down", len(places), len(places))


def _limits(metric: str) -> Iterator[str]:
    """The names that a metric's limit may have: ``disk_capacity_bytes`` of ``disk_used_bytes``."""
    words = metric.split("_")
    for place, word in enumerate(words):
        if word in USED:
            for limit in LIMITS:
                yield "_".join([*words[:place], limit, *words[place + 1 :]])
    for limit in LIMITS:
        # process_memory_bytes and process_memory_limit_bytes
        yield "_".join([*words[:-1], limit, words[-1]])


def _met(series: Sequence[SeriesKey], entities: Sequence[Labels], users: list[int], limits: list[int]) -> int:
    """How many series find their limit: the one with the same labels, or the only one whose labels they have."""
    by_entity: defaultdict[Labels, list[frozenset[tuple[str, str]]]] = defaultdict(list)
    for place in limits:
        by_entity[entities[place]].append(frozenset(series[place].labels))
    met = 0
    for place in users:
        mine, there = frozenset(series[place].labels), by_entity[entities[place]]
        met += mine in there or sum(one <= mine for one in there) == 1
    return met


def _within_percent(decoded: Decoded, metric: str) -> bool:
    of_metric = np.array([key.metric == metric for key in decoded.series])[decoded.index]
    values = decoded.value[of_metric]
    return bool(len(values) and values.min() >= 0.0 and values.max() <= PERCENT_MAX)


def _name(metric: str) -> str:
    return metric.removesuffix("_bytes").removesuffix("_percent").replace("_used", "").replace("_", "-")
