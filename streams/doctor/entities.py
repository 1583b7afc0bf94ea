"""Which labels name the things that series belong to, and whether the samples of each thing keep their order.

The entity decides which series meet: a limit, the signs of a hazard and the members of an incident are looked for in
one. A good label is on most series, has many values, and each of its values has most of the metrics, few of them twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from math import log2
from typing import NamedTuple

from streams.doctor.decoding import Decoded
from streams.doctor.sample import TopicSample
from streams.series import Labels, SeriesKey, entity_of, labels_text

USUAL = ("host", "instance", "pod", "service", "service.name", "node", "hostname", "machine", "container", "device")
"""Of labels that are equally good the first of these."""

COVERED_SHARE = 0.99
LABELS_MAX = 3


class LabelUse(NamedTuple):
    """A label: series that have it, its values, and how many metrics a value has on average."""

    name: str
    series: int
    values: int
    metrics: float


class Entities(NamedTuple):
    """The labels that are proposed, and what follows.

    Attributes
    ----------
    labels
        Empty: all labels name the entity.
    split
        Entities whose samples are on several partitions.
    """

    labels: tuple[str, ...]
    entities: int
    series: int
    split: int


def label_uses(series: Sequence[SeriesKey]) -> list[LabelUse]:
    """Every label, the best for an entity first."""
    metrics: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    carriers: defaultdict[str, int] = defaultdict(int)
    for key in series:
        for name, value in key.labels:
            metrics[name][value].add(key.metric)
            carriers[name] += 1
    uses = [
        LabelUse(name, carriers[name], len(values), sum(map(len, values.values())) / len(values))
        for name, values in metrics.items()
    ]
    richest = max((use.metrics for use in uses), default=1.0)
    return sorted(uses, key=lambda use: (-_worth(use, len(series), richest), _place(use.name), use.name))


def proposed_labels(series: Sequence[SeriesKey]) -> tuple[str, ...]:
    """Labels that name entities: the best one, then the best one of the series that lack it, and so on."""
    chosen: list[str] = []
    rest = list(series)
    taken: set[str] = set()
    while rest and len(chosen) < LABELS_MAX and len(rest) > (1 - COVERED_SHARE) * len(series):
        # A label of series that are named already would part them.
        found = next((use for use in label_uses(rest) if use.name not in taken), None)
        if found is None:
            break
        chosen.append(found.name)
        named = [key for key in rest if found.name in dict(key.labels)]
        taken.update(name for key in named for name, _ in key.labels)
        rest = [key for key in rest if found.name not in dict(key.labels)]
    return tuple(chosen)


def look_at_entities(decoded: Decoded, sample: TopicSample) -> Entities:
    """What the proposed labels make of the sample."""
    labels = proposed_labels(decoded.series)
    names = [labels_text(entity_text) for entity_text in entities_of(decoded.series, labels)]
    partitions: defaultdict[str, set[int]] = defaultdict(set)
    for place, message in zip(decoded.index.tolist(), decoded.message.tolist(), strict=True):
        partitions[names[place]].add(sample.messages[message].partition)
    split = sum(len(found) > 1 for found in partitions.values())
    return Entities(labels, len(set(names)), len(names), split)


def entities_of(series: Sequence[SeriesKey], labels: Sequence[str]) -> list[Labels]:
    """The entity of each series."""
    wanted = frozenset(labels)
    return [entity_of(key.labels, wanted) for key in series]


def _worth(use: LabelUse, series: int, richest: float) -> float:
    once = use.metrics * use.values / use.series  # 1: each of its values has a metric once
    return use.series / series * use.metrics / richest * once * log2(use.values)


def _place(name: str) -> int:
    return USUAL.index(name) if name in USUAL else len(USUAL)
