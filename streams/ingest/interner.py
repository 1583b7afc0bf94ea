"""Interning: a small number for each series, so that names are made, checked and routed once and not per sample.

The table is a cache. Beyond a limit it is emptied and fills again with what the telemetry holds now, so an explosion
of labels costs time and no memory. Numbers hold until the next `trim`, and mean nothing outside the process.
"""

from array import array
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from streams.blocks import IntColumn
from streams.codecs.faults import Fault
from streams.ingest.names import name_of
from streams.series import SeriesKey, entity_of, labels_text, partition_of
from streams.settings.limits import LimitSettings

INTERNED_BYTES_MAX = 256 * 2**20
SERIES_BYTES = 500  # Of one entry without labels and text: tuples, string headers, the dictionary's share. Measured.
LABEL_BYTES = 150  # Of one label without its text. Measured.
TEXT_COPIES = 3  # The labels, the name and the entity.

REFUSED = -1
"""In place of a partition: the series' name is not taken."""


class Interner:
    """The series of one source topic.

    Attributes
    ----------
    names, entities
        By number; of a refused series the texts are empty.
    faults
        Why a series is refused, by number.
    """

    def __init__(self, entity_labels: Sequence[str], partitions: int, limits: LimitSettings) -> None:
        self._entity_labels = frozenset(entity_labels)
        self._partitions = partitions
        self._limits = limits
        self._empty()

    def _empty(self) -> None:
        self._bytes = 0
        self._ids: dict[SeriesKey, int] = {}
        self.names: list[str] = []
        self.entities: list[str] = []
        self.faults: dict[int, Fault] = {}
        self._partition = array("h")
        self._text_bytes = array("i")

    def __len__(self) -> int:
        return len(self._ids)

    def trim(self) -> None:
        """Keep the table within its limit; all numbers given so far may lapse."""
        if self._bytes > INTERNED_BYTES_MAX:
            self._empty()

    def ids(self, series: Sequence[SeriesKey]) -> list[int]:
        """The series' numbers."""
        try:
            return list(map(self._ids.__getitem__, series))
        except KeyError:
            return [self._intern(key) for key in series]

    def partition(self, ids: IntColumn) -> npt.NDArray[np.int16]:
        """The partition of the samples topic, or `REFUSED`, of each number."""
        return np.frombuffer(self._partition, np.int16)[ids] if len(ids) else np.empty(0, np.int16)

    def text_bytes(self, ids: IntColumn) -> int:
        """The size of the names and entities of these numbers, in UTF-8."""
        return int(np.frombuffer(self._text_bytes, np.intc)[ids].sum())

    def _intern(self, key: SeriesKey) -> int:
        known = self._ids.get(key)
        if known is not None:
            return known
        number = self._ids[key] = len(self.names)
        name = name_of(key, self._limits)
        if type(name) is Fault:
            self.faults[number] = name
            self._append("", "", REFUSED)
        else:
            entity = labels_text(entity_of(key.labels, self._entity_labels))
            self._append(name, entity, partition_of(entity, self._partitions))
        self._bytes += _size_bytes(key)
        return number

    def _append(self, name: str, entity: str, partition: int) -> None:
        self.names.append(name)
        self.entities.append(entity)
        self._partition.append(partition)
        self._text_bytes.append(len(name.encode()) + len(entity.encode()))


def _size_bytes(key: SeriesKey) -> int:
    """What an entry takes in memory, about, and rather too much."""
    chars = len(key.metric) + sum([len(label) + len(text) for label, text in key.labels])
    return SERIES_BYTES + LABEL_BYTES * len(key.labels) + TEXT_COPIES * chars
