"""Signals: what the entities of this partition say, once a minute, for the correlate role.

Every series tells, at its first sample in a new minute, how far it was out in the last few, and how far in more than
one of them. What was told waits until the next flush: when event time enters another minute, or when many rows have
come. Both are places in the log, so the records are the same whatever the batches; and since what waits is part of the
state, a replay writes them again.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.incidents.scores import last_of_each, level
from models.signals.bank import SignalBank
from streams.outputs.signals import signals_record
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import SignalConfig
from streams.pipeline.names import SharedNames
from streams.records import OutputRecord
from streams.series import labels_text, partition_of
from streams.signals import (
    LEVELS_PER_DOUBLING,
    MINUTE_MS,
    SPEAKING_LEVEL,
    Notice,
    SignalRecord,
    Speaker,
    encode_signals,
)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

START_CAPACITY = 64
ROWS_BETWEEN_FLUSHES = 20_000
"""Waiting for event time must not let what waits grow for ever: a source that falls silent holds event time back."""

RECORD_BYTES_MAX = 800_000
"""Kafka's default limit is a million; a record that would be longer is halved."""

NOBODY = -1


class EntityName(NamedTuple):
    """An entity, in its scope."""

    scope: str
    entity: str


class _Told(NamedTuple):
    """Columns of what was told: shapes (n,)."""

    slot: Ints
    minute: Ints
    far: Floats
    lasting: Floats

    def at(self, places: Ints | Flags | slice) -> "_Told":
        """Some of the rows."""
        return _Told(self.slot[places], self.minute[places], self.far[places], self.lasting[places])


NOTHING_TOLD = _Told(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))


class SignalTracker:
    """Follows every series that counts, and writes what they say."""

    def __init__(self, config: SignalConfig, catalog: Catalog) -> None:
        self.config = config
        self.catalog = catalog
        self.bank = SignalBank(START_CAPACITY)
        self.position = 0
        """Of the next record."""
        self.flushed_minute: int | None = None
        self.rows_taken = 0
        """Since the last flush."""
        self._told: list[_Told] = []
        self._notices: list[Notice] = []
        self._entities: SharedNames[EntityName] = SharedNames()
        self._metrics: SharedNames[str] = SharedNames()
        self._entity = np.full(START_CAPACITY, NOBODY, np.int64)
        self._metric = np.full(START_CAPACITY, NOBODY, np.int64)
        self._target = np.full(START_CAPACITY, NOBODY, np.int64)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots."""
        self.bank.reserve(slots)
        held = len(self.bank.arrays["count"])
        if held > len(self._entity):
            more = np.full(held - len(self._entity), NOBODY, np.int64)
            self._entity = np.concatenate((self._entity, more))
            self._metric = np.concatenate((self._metric, more))
            self._target = np.concatenate((self._target, more))

    def add_series(self, slot: int) -> None:
        """Take in a series that counts; others stay out. Its slot in the bank is as fresh or as full as it is."""
        entry = self.catalog.entry(slot)
        if self._entity[slot] == NOBODY and self.config.weight(entry.key.metric) > 0.0:
            name = self._name(slot)
            self._entity[slot] = self._entities.hold(name)
            self._target[slot] = partition_of(name.scope, self.config.partitions)
            self._metric[slot] = self._metrics.hold(entry.key.metric)

    def clear(self, slot: int) -> None:
        """Forget what was learned of a series, and what it has told since the last flush."""
        self.bank.forget(np.array([slot]))
        self._told = [told.at(told.slot != slot) for told in self._told]

    def remove_series(self, slot: int) -> None:
        """Forget a series, before the catalogue does."""
        self.clear(slot)
        if self._entity[slot] != NOBODY:
            self._entities.let_go(int(self._entity[slot]))
            self._metrics.let_go(int(self._metric[slot]))
            self._entity[slot] = self._metric[slot] = NOBODY

    def update(self, slots: Ints, timestamp_ms: Ints, value: Floats) -> None:
        """One sample each of different series."""
        counting = np.flatnonzero(self._entity[slots] != NOBODY)
        slots, minute = slots[counting], timestamp_ms[counting] // MINUTE_MS
        told = self.bank.update(slots, minute, value[counting])
        if len(told.places):
            self._told.append(_Told(slots[told.places], minute[told.places], told.far, told.lasting))

    def notice(self, slot: int, notice: Notice) -> None:
        """Pass on what was found of a series, under its entity and scope."""
        self._notices.append(notice._replace(**self._name(slot)._asdict()))

    def is_due(self, watermark_ms: int | None) -> bool:
        """Whether to flush at this place in the log."""
        return self.rows_taken >= ROWS_BETWEEN_FLUSHES or (
            watermark_ms is not None
            and (self.flushed_minute is None or watermark_ms // MINUTE_MS > self.flushed_minute)
        )

    def flush(self, partition: int, watermark_ms: int | None) -> Iterator[OutputRecord]:
        """Records of all that waits, and, if event time has moved, of the time, to every signals partition."""
        told, notices = self._take_told(), sorted(self._notices)
        self._told, self._notices, self.rows_taken = [], [], 0
        moved = watermark_ms is not None and (
            self.flushed_minute is None or watermark_ms // MINUTE_MS > self.flushed_minute
        )
        if moved and watermark_ms is not None:
            self.flushed_minute = watermark_ms // MINUTE_MS
        yield from self._records(partition, watermark_ms if moved else None, told, notices)

    def dump_pending(self) -> list[Any]:
        """What waits, in plain values."""
        told = self._take_told()
        rows = zip(*[column.tolist() for column in told], strict=True)
        return [*map(list, rows), *[notice._asdict() for notice in sorted(self._notices)]]

    def load_pending(self, items: list[Any]) -> None:
        """Put back what `dump_pending` made, once it has been through JSON.

        Rows of format 6 don't say what lasts: the furthest stands for it, as it did there.
        """
        rows = [item for item in items if isinstance(item, list)]
        if rows:
            slot, minute, far, *rest = zip(*rows, strict=True)
            lasting = rest[0] if rest else far
            counted = [np.array(column, np.int64) for column in (slot, minute)]
            measured = [np.array(column, np.float64) for column in (far, lasting)]
            self._told = [_Told(counted[0], counted[1], measured[0], measured[1])]
        self._notices = [Notice(**item) for item in items if isinstance(item, dict)]

    def _name(self, slot: int) -> EntityName:
        entry = self.catalog.entry(slot)
        scope = tuple([pair for pair in entry.key.labels if pair[0] in self.config.scope])
        return EntityName(labels_text(scope), entry.entity)

    def _take_told(self) -> _Told:
        """What was told, in an order that batches don't change: by slot and minute."""
        if not self._told:
            return NOTHING_TOLD
        told = _Told(*[np.concatenate(columns) for columns in zip(*self._told, strict=True)])
        order = np.lexsort((told.minute, told.slot))
        # Of series that the settings leave out since they told it, nothing is told.
        order = order[self._entity[told.slot[order]] != NOBODY]
        return told.at(order)

    def _records(
        self, partition: int, watermark_ms: int | None, told: _Told, notices: list[Notice]
    ) -> Iterator[OutputRecord]:
        target = self._target[told.slot]
        for place in range(self.config.partitions):
            of_place = [each for each in notices if partition_of(each.scope, self.config.partitions) == place]
            parts = list(self._parts(partition, told.at(np.flatnonzero(target == place)), of_place))
            for number, part in enumerate(parts, start=1):
                time_ms = watermark_ms if number == len(parts) else None
                if len(part.level) or part.notices or time_ms is not None:
                    record = replace(part, position=self.position, watermark_ms=time_ms)
                    self.position += 1
                    yield signals_record(self.config.signals_topic, place, record)

    def _parts(self, partition: int, told: _Told, notices: list[Notice]) -> Iterator[SignalRecord]:
        """What goes into one record each; one at least, to carry the time."""
        record = self._record(partition, told, notices)
        rows, half = len(told.slot) // 2, len(notices) // 2
        if rows + half == 0 or len(encode_signals(record)) <= RECORD_BYTES_MAX:
            yield record
        else:
            yield from self._parts(partition, told.at(slice(rows)), notices[:half])
            yield from self._parts(partition, told.at(slice(rows, None)), notices[half:])

    def _record(self, partition: int, told: _Told, notices: list[Notice]) -> SignalRecord:
        levels = np.rint(level(told.far) * LEVELS_PER_DOUBLING).astype(np.int64)
        entity, entities = self._ranked(self._entity[told.slot], self._entities)
        metric, metrics = self._ranked(self._metric[told.slot], self._metrics)
        groups = entity, metric, told.minute
        # Of an entity's series of one metric the furthest out counts: the last of its group, the first slot of equals.
        last = _largest_of_groups(groups, levels)
        # And the one speaks that has been out the furthest for longer than a minute.
        speaking = last if len(last) == len(levels) else _largest_of_groups(groups, np.abs(told.lasting))
        scopes = {scope: number for number, scope in enumerate(sorted({name.scope for name in entities}))}
        far_out = np.flatnonzero(levels[last] >= SPEAKING_LEVEL)
        said = told.at(speaking[far_out])
        far = zip(far_out.tolist(), said.slot.tolist(), said.lasting.tolist(), strict=True)
        speaker = [Speaker(row, self.catalog.entry(slot).name, round(scales, 1)) for row, slot, scales in far]
        return SignalRecord(
            partition=partition,
            position=0,
            watermark_ms=None,
            scope=list(scopes),
            entity=[name.entity for name in entities],
            scope_of=np.array([scopes[name.scope] for name in entities], np.int64),
            metric=metrics,
            entity_of=entity[last],
            metric_of=metric[last],
            minute=told.minute[last],
            level=levels[last],
            speaker=speaker,
            notices=notices,
        )

    def _ranked(self, numbers: Ints, names: SharedNames[Any]) -> tuple[Ints, list[Any]]:
        """Places in the sorted list of the names that occur, and that list."""
        distinct, place = np.unique(numbers, return_inverse=True)
        found = [names.name(number) for number in distinct.tolist()]
        order = sorted(range(len(found)), key=found.__getitem__)
        rank = np.empty(len(found), np.int64)
        rank[order] = np.arange(len(found))
        return rank[place], [found[at] for at in order]


def _largest_of_groups(groups: tuple[Ints, Ints, Ints], levels: Ints | Floats) -> Ints:
    """Of each distinct triple, in ascending order, the place of its largest level; of equals the first."""
    if not len(levels):
        return np.empty(0, np.int64)
    first, second, third = [group - group.min() for group in groups]
    key = (first * (second.max() + 1) + second) * (third.max() + 1) + third
    # From the back on, so that of equals the first comes last.
    return len(key) - 1 - last_of_each(key[::-1], levels[::-1])
