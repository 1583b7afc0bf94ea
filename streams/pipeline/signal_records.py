"""Records of signals: deviations and notices, cut by signals partition and by the size that a record may have."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from models.arrays import Flags, Floats, Ints
from models.incidents.scores import last_of_each, level
from streams.outputs.signals import signals_record
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import SignalConfig
from streams.pipeline.signal_names import SignalNames
from streams.records import OutputRecord
from streams.series import partition_of
from streams.signals import LEVELS_PER_DOUBLING, SPEAKING_LEVEL, Notice, SignalRecord, Speaker, encode_signals

RECORD_BYTES_MAX = 800_000
"""Kafka's default limit is a million; a record that would be longer is halved."""


class Deviations(NamedTuple):
    """How far series were out in the minutes before these: columns of shape (n,), `far` and `lasting` in scales."""

    slot: Ints
    minute: Ints
    far: Floats
    lasting: Floats

    def at(self, places: Ints | Flags | slice) -> "Deviations":
        """Some of the rows."""
        return Deviations(self.slot[places], self.minute[places], self.far[places], self.lasting[places])


class SignalRecords:
    """Writes them. `position` is that of the next record."""

    def __init__(self, config: SignalConfig, catalog: Catalog, names: SignalNames) -> None:
        self.position = 0
        self._config = config
        self._catalog = catalog
        self._names = names

    def write(
        self, partition: int, watermark_ms: int | None, deviations: Deviations, notices: list[Notice]
    ) -> Iterator[OutputRecord]:
        """Records of a samples partition; the last one to each signals partition carries the time, if there is one."""
        partitions, target = self._config.partitions, self._names.targets(deviations.slot)
        for place in range(partitions):
            of_place = [each for each in notices if partition_of(each.scope, partitions) == place]
            parts = list(self._parts(partition, deviations.at(np.flatnonzero(target == place)), of_place))
            for number, part in enumerate(parts, start=1):
                time_ms = watermark_ms if number == len(parts) else None
                if len(part.level) or part.notices or time_ms is not None:
                    record = replace(part, position=self.position, watermark_ms=time_ms)
                    self.position += 1
                    yield signals_record(self._config.signals_topic, place, record)

    def _parts(self, partition: int, deviations: Deviations, notices: list[Notice]) -> Iterator[SignalRecord]:
        """What goes into one record each; one at least, to carry the time."""
        record = self._record(partition, deviations, notices)
        rows, half = len(deviations.slot) // 2, len(notices) // 2
        if rows + half == 0 or len(encode_signals(record)) <= RECORD_BYTES_MAX:
            yield record
        else:
            yield from self._parts(partition, deviations.at(slice(rows)), notices[:half])
            yield from self._parts(partition, deviations.at(slice(rows, None)), notices[half:])

    def _record(self, partition: int, deviations: Deviations, notices: list[Notice]) -> SignalRecord:
        slot, minute, far, lasting = deviations
        levels = np.rint(level(far) * LEVELS_PER_DOUBLING).astype(np.int64)
        entity, metric = self._names.ranked_entities(slot), self._names.ranked_metrics(slot)
        groups = entity.place, metric.place, minute
        # Of an entity's series of one metric the furthest out counts: the last of its group, the first slot of equals.
        last = _largest_of_groups(groups, levels)
        # And the one speaks that has been out the furthest for longer than a minute.
        speaking = last if len(last) == len(levels) else _largest_of_groups(groups, np.abs(lasting))
        scopes = {scope: number for number, scope in enumerate(sorted({name.scope for name in entity.names}))}
        return SignalRecord(
            partition=partition,
            position=0,
            watermark_ms=None,
            scope=list(scopes),
            entity=[name.entity for name in entity.names],
            scope_of=np.array([scopes[name.scope] for name in entity.names], np.int64),
            metric=metric.names,
            entity_of=entity.place[last],
            metric_of=metric.place[last],
            minute=minute[last],
            level=levels[last],
            speaker=self._speakers(levels[last], slot[speaking], lasting[speaking]),
            notices=notices,
        )

    def _speakers(self, levels: Ints, slot: Ints, lasting: Floats) -> list[Speaker]:
        """The series behind those rows that are far out, and what lasts of it."""
        rows = np.flatnonzero(levels >= SPEAKING_LEVEL)
        columns = zip(rows.tolist(), slot[rows].tolist(), lasting[rows].tolist(), strict=True)
        return [Speaker(row, self._catalog.entry(of).name, round(scales, 1)) for row, of, scales in columns]


def _largest_of_groups(groups: tuple[Ints, Ints, Ints], levels: Ints | Floats) -> Ints:
    """Of each distinct triple, in ascending order, the place of its largest level; of equals the first."""
    if not len(levels):
        return np.empty(0, np.int64)
    first, second, third = [group - group.min() for group in groups]
    key = (first * (second.max() + 1) + second) * (third.max() + 1) + third
    # From the back on, so that of equals the first comes last.
    return len(key) - 1 - last_of_each(key[::-1], levels[::-1])
