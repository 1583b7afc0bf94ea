"""Signals: what the entities of this partition say, once a minute, for the correlate role.

Every series tells, at its first sample in a new minute, how far it was out in the last few, and how far in more than
one of them. That waits until the next flush: when event time enters another minute, or when many rows have come. Both
are places in the log, so the records are the same whatever the batches; and since what waits is part of the state, a
replay writes them again.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from models.arrays import Floats, Ints
from models.signals.bank import SignalBank
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import SignalConfig
from streams.pipeline.signal_names import START_CAPACITY, SignalNames
from streams.pipeline.signal_records import Deviations, SignalRecords
from streams.records import OutputRecord
from streams.signals import MINUTE_MS, Notice

ROWS_BETWEEN_FLUSHES = 20_000
"""Waiting for event time must not let what waits grow for ever: a source that falls silent holds event time back."""

NO_DEVIATIONS = Deviations(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))


class SignalTracker:
    """Follows every series that counts, and writes what they say."""

    def __init__(self, config: SignalConfig, catalog: Catalog) -> None:
        self.bank = SignalBank(START_CAPACITY)
        self.flushed_minute: int | None = None
        self.rows_taken = 0
        """Since the last flush."""
        self._names = SignalNames(config, catalog)
        self._records = SignalRecords(config, catalog, self._names)
        self._deviations: list[Deviations] = []
        self._notices: list[Notice] = []

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots."""
        self.bank.reserve(slots)
        self._names.reserve(len(self.bank.arrays["count"]))

    def add_series(self, slot: int) -> None:
        """Take in a series that counts; others stay out. Its slot in the bank is as fresh or as full as it is."""
        self._names.add(slot)

    def clear(self, slot: int) -> None:
        """Forget what was learned of a series, and what of it waits for the next flush."""
        self.bank.clear(np.array([slot]))
        self._deviations = [part.at(part.slot != slot) for part in self._deviations]

    def remove_series(self, slot: int) -> None:
        """Forget a series, before the catalogue does."""
        self.clear(slot)
        self._names.remove(slot)

    def update(self, slots: Ints, timestamp_ms: Ints, value: Floats) -> None:
        """One sample each of different series."""
        counting = np.flatnonzero(self._names.count(slots))
        slots, minute = slots[counting], timestamp_ms[counting] // MINUTE_MS
        told = self.bank.update(slots, minute, value[counting])
        if len(told.places):
            self._deviations.append(Deviations(slots[told.places], minute[told.places], told.far, told.lasting))

    def notice(self, slot: int, notice: Notice) -> None:
        """Pass on what was found of a series, under its entity and scope."""
        self._notices.append(notice._replace(**self._names.entity_of(slot)._asdict()))

    def is_due(self, watermark_ms: int | None) -> bool:
        """Whether to flush at this place in the log."""
        return self.rows_taken >= ROWS_BETWEEN_FLUSHES or self._new_minute(watermark_ms) is not None

    def flush(self, partition: int, watermark_ms: int | None) -> Iterator[OutputRecord]:
        """Records of all that waits, and, if event time has moved, of the time, to every signals partition."""
        deviations, notices = self._waiting(), sorted(self._notices)
        self._deviations, self._notices, self.rows_taken = [], [], 0
        minute = self._new_minute(watermark_ms)
        if minute is not None:
            self.flushed_minute = minute
        yield from self._records.write(partition, None if minute is None else watermark_ms, deviations, notices)

    def dump_places(self) -> list[Any]:
        """How far the flushes have come, in plain values."""
        return [self._records.position, self.flushed_minute, self.rows_taken]

    def load_places(self, places: list[Any]) -> None:
        """Put back what `dump_places` made."""
        self._records.position, self.flushed_minute, self.rows_taken = places

    def dump_waiting(self) -> list[Any]:
        """What waits, in plain values."""
        waiting = self._waiting()
        rows = zip(*[column.tolist() for column in waiting], strict=True)
        return [*map(list, rows), *[notice._asdict() for notice in sorted(self._notices)]]

    def load_waiting(self, items: list[Any]) -> None:
        """Put back what `dump_waiting` made, once it has been through JSON."""
        rows = [item for item in items if isinstance(item, list)]
        if rows:
            slot, minute, far, *rest = zip(*rows, strict=True)
            # Rows of format 6 don't say what lasts: the furthest stands for it, as it did there.
            lasting = rest[0] if rest else far
            counted = np.array(slot, np.int64), np.array(minute, np.int64)
            self._deviations = [Deviations(*counted, np.array(far, np.float64), np.array(lasting, np.float64))]
        self._notices = [Notice(**item) for item in items if isinstance(item, dict)]

    def _new_minute(self, watermark_ms: int | None) -> int | None:
        """The minute that event time has entered since the last flush; None where it has entered none."""
        if watermark_ms is None:
            return None
        minute = watermark_ms // MINUTE_MS
        return minute if self.flushed_minute is None or minute > self.flushed_minute else None

    def _waiting(self) -> Deviations:
        """Deviations in an order that batches don't change: by slot and minute."""
        if not self._deviations:
            return NO_DEVIATIONS
        waiting = Deviations(*[np.concatenate(columns) for columns in zip(*self._deviations, strict=True)])
        order = np.lexsort((waiting.minute, waiting.slot))
        # Of series that the settings leave out since they told it, nothing is told.
        return waiting.at(order[self._names.count(waiting.slot[order])])
