"""Series as a replay meets them: each is keyed and written as JSON once, and then goes by its number."""

from dataclasses import dataclass

import numpy as np
import orjson

from load.recordings.table import IntColumn
from streams.series import SeriesKey, entity_of, labels_text, partition_of


@dataclass(frozen=True, slots=True)
class EntityRoute:
    """Where an entity's messages go."""

    key: bytes
    partition: int


class SeriesCatalogue:
    """Numbers for series and for their entities, and what follows from either.

    Attributes
    ----------
    metric, labels
        JSON of each series' metric and labels.
    entity
        Each series' entity, as a place in `routes`.
    """

    def __init__(self, entity_labels: frozenset[str], partitions: int) -> None:
        self._entity_labels = entity_labels
        self._partitions = partitions
        self._series: dict[SeriesKey, int] = {}
        self._entities: dict[str, int] = {}
        self.metric: list[bytes] = []
        self.labels: list[bytes] = []
        self.entity: list[int] = []
        self.routes: list[EntityRoute] = []

    def places(self, series: list[SeriesKey]) -> IntColumn:
        """The number of each series; new ones are entered."""
        return np.array([self._place(key) for key in series], np.int64)

    def _place(self, key: SeriesKey) -> int:
        place = self._series.setdefault(key, len(self._series))
        if place == len(self.metric):
            self.metric.append(orjson.dumps(key.metric))
            self.labels.append(orjson.dumps(dict(key.labels)))
            self.entity.append(self._entity(labels_text(entity_of(key.labels, self._entity_labels))))
        return place

    def _entity(self, name: str) -> int:
        place = self._entities.setdefault(name, len(self._entities))
        if place == len(self.routes):
            self.routes.append(EntityRoute(name.encode(), partition_of(name, self._partitions)))
        return place
