"""Of each series that counts, what its signals say it is of: an entity in its scope, and a metric."""

from typing import Any, NamedTuple

import numpy as np

from models.arrays import Flags, Ints
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import SignalConfig
from streams.pipeline.names import SharedNames
from streams.series import labels_text, partition_of

START_CAPACITY = 64
NOBODY = -1


class EntityName(NamedTuple):
    """An entity, in its scope."""

    scope: str
    entity: str


class Ranked(NamedTuple):
    """Names that occur among n rows, ascending, and the place of each row's name among them, shape (n,)."""

    place: Ints
    names: list[Any]


class SignalNames:
    """By slot: numbers of the names, and the partition of the signals topic that the scope belongs to."""

    def __init__(self, config: SignalConfig, catalog: Catalog) -> None:
        self._config = config
        self._catalog = catalog
        self._entities: SharedNames[EntityName] = SharedNames()
        self._metrics: SharedNames[str] = SharedNames()
        self._entity = np.full(START_CAPACITY, NOBODY, np.int64)
        self._metric = np.full(START_CAPACITY, NOBODY, np.int64)
        self._target = np.full(START_CAPACITY, NOBODY, np.int64)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots."""
        held = len(self._entity)
        if slots > held:
            more = np.full(slots - held, NOBODY, np.int64)
            self._entity = np.concatenate((self._entity, more))
            self._metric = np.concatenate((self._metric, more))
            self._target = np.concatenate((self._target, more))

    def add(self, slot: int) -> None:
        """Take in a series that counts; others stay out."""
        metric = self._catalog.entry(slot).key.metric
        if self._entity[slot] == NOBODY and self._config.weight(metric) > 0.0:
            name = self.entity_of(slot)
            self._entity[slot] = self._entities.hold(name)
            self._metric[slot] = self._metrics.hold(metric)
            self._target[slot] = partition_of(name.scope, self._config.partitions)

    def remove(self, slot: int) -> None:
        """Forget a series, before the catalogue does."""
        if self._entity[slot] != NOBODY:
            self._entities.let_go(int(self._entity[slot]))
            self._metrics.let_go(int(self._metric[slot]))
            self._entity[slot] = self._metric[slot] = self._target[slot] = NOBODY

    def entity_of(self, slot: int) -> EntityName:
        """The entity of any series, whether that counts or not."""
        entry = self._catalog.entry(slot)
        scope = tuple([pair for pair in entry.key.labels if pair[0] in self._config.scope])
        return EntityName(labels_text(scope), entry.entity)

    def count(self, slots: Ints) -> Flags:
        """Which of these series count."""
        return np.asarray(self._entity[slots] != NOBODY)

    def targets(self, slots: Ints) -> Ints:
        """The partitions of the signals topic that series which count belong to."""
        return self._target[slots]

    def ranked_entities(self, slots: Ints) -> Ranked:
        """The entities of series which count, of type `EntityName`."""
        return _ranked(self._entity[slots], self._entities)

    def ranked_metrics(self, slots: Ints) -> Ranked:
        """Their metrics."""
        return _ranked(self._metric[slots], self._metrics)


def _ranked(numbers: Ints, names: SharedNames[Any]) -> Ranked:
    if not len(numbers):
        # Of most signals partitions nothing is said in a minute but the time.
        return Ranked(numbers, [])
    distinct, place = np.unique(numbers, return_inverse=True)
    found = [names.name(number) for number in distinct.tolist()]
    order = sorted(range(len(found)), key=found.__getitem__)
    rank = np.empty(len(found), np.int64)
    rank[order] = np.arange(len(found))
    return Ranked(rank[place], [found[at] for at in order])
