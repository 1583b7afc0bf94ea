"""Housing: which slot a row's series has, who gets one, and who has to leave.

A full bank refuses newcomers, unless series have been idle for `evict_after` of event time: these all leave then. They
are looked for once for every move of event time, so a flood of newcomers is cheap to refuse.
"""

from collections.abc import Callable, Iterator
from itertools import repeat

import numpy as np

from models.arrays import Ints
from streams.blocks import SampleBlock
from streams.pipeline.admission import CONFIRMED_BY
from streams.pipeline.catalog import Entry
from streams.pipeline.desk import Desk
from streams.pipeline.rows import Row, Rows
from streams.pipeline.sources import SourceId
from streams.pipeline.state import PipelineState
from streams.pipeline.tombstones import tombstones
from streams.rejects import RejectReason
from streams.series import parse_series

NEW, UNREADABLE = -1, -2
"""In place of a slot: of a series that has none, and of one that can't have one."""

NOWHERE = -1

GAVE_PLACE = "its series was idle and gave its place away"


class Housing:
    """Finds slots for the rows of blocks.

    Parameters
    ----------
    apply_queued
        Applies all rows yielded so far: whom to evict depends on them.
    """

    def __init__(self, state: PipelineState, desk: Desk, apply_queued: Callable[[], None]) -> None:
        self.state = state
        self.desk = desk
        self.evicted = 0
        """Idle series that had to leave; no part of the state."""
        self._apply_queued = apply_queued

    def rows(self, block: SampleBlock, start: int) -> Iterator[Rows]:
        """The block's rows from `start` on, with their slots; rows that find none are rejected."""
        prepared = NOWHERE
        while start < len(block.index):
            slots, stop = self._housed(block, start, prepared)
            yield self._rows(block, slots, start, stop)
            if stop < len(block.index):
                self._prepare()
            start = prepared = stop

    def _prepare(self) -> None:
        """Prepare for a newcomer whose fate, or whose effect on others, depends on the rows before it."""
        self._apply_queued()
        now_ms = self._sweep_due_ms()
        if now_ms is not None:
            self._sweep(now_ms)

    def _housed(self, block: SampleBlock, start: int, prepared: int) -> tuple[Ints, int]:
        """The slots of the block's rows, and the first row, other than `prepared`, that has to be prepared for."""
        slots_of = self.state.catalog.slots
        slots = np.array(list(map(slots_of.get, block.series, repeat(NEW))), np.int64)[block.index]
        for place in (start + np.flatnonzero(slots[start:] == NEW)).tolist():
            name = block.series[block.index[place]]
            slots[place] = slots_of.get(name, NEW)
            if slots[place] == NEW:
                entry = _entry(block, place)
                if entry is None:
                    slots[place] = UNREADABLE
                elif place != prepared and self._must_prepare(entry):
                    return slots, place
                elif not self.state.catalog.is_full:
                    slots[place] = self.state.welcome(entry, int(block.timestamp_ms[place]))
        return slots, len(slots)

    def _must_prepare(self, newcomer: Entry) -> bool:
        if self.state.catalog.is_full:
            return self._sweep_due_ms() is not None
        return self.state.capacity.takes_limit_away(newcomer)

    def _rows(self, block: SampleBlock, slots: Ints, start: int, stop: int) -> Rows:
        number = self.desk.source_number(SourceId(block.source_topic, block.source_partition))
        part = slice(start, stop)
        source = np.full(stop - start, number, np.int64)
        rows = Rows(
            slots[part], block.timestamp_ms[part], block.value[part], source, block.offset[part], block.row[part]
        )
        homeless = np.flatnonzero(rows.slot < 0)
        if not len(homeless):
            return rows
        for place in homeless.tolist():
            self._reject(rows.single(place), block.series[block.index[start + place]])
        return rows.take(np.flatnonzero(rows.slot >= 0))

    def _reject(self, row: Row, name: str) -> None:
        if row.slot == UNREADABLE:
            self.desk.reject(row, RejectReason.BAD_NAME, "the series' name can't be read", name)
        else:
            series_max = self.state.catalog.series_max
            detail = f"the partition's {series_max} series are all in use (limits.series_per_partition)"
            self.desk.reject(row, RejectReason.BANK_FULL, detail, name)

    def _sweep_due_ms(self) -> int | None:
        """Event time, where a newcomer has to wait for idle series to leave; not again before it has moved on."""
        state, now_ms = self.state, self.state.sources.watermark_ms
        return now_ms if state.catalog.is_full and now_ms != state.swept_at_ms else None

    def _sweep(self, now_ms: int) -> None:
        """Free the slots of all series that are idle for long enough, and end their keys."""
        self.state.swept_at_ms = now_ms
        for slot in self._idle(self.state.taken(), now_ms).tolist():
            name = self.state.catalog.entry(slot).name
            for row in self.state.admission.forget(slot):
                self.desk.reject(row, RejectReason.BANK_FULL, GAVE_PLACE, name)
            for samples in self.state.aggregator.forget(slot):
                detail = f"{GAVE_PLACE}; of its step, which was open, this was the last sample of {samples.count}"
                self.desk.reject(samples.last, RejectReason.BANK_FULL, detail, name)
            self.desk.put(*tombstones(self.state, slot))
            self.state.dismiss(slot)
            self.evicted += 1

    def _idle(self, slots: Ints, now_ms: int) -> Ints:
        """Those of these slots whose series are idle; also young ones whose time no other source has come near to."""
        evict_after_ms, ahead_ms = self.state.config.evict_after_ms, self._ahead_ms(now_ms)[slots]
        young = self.state.grid["accepted"][slots] < CONFIRMED_BY
        return slots[(ahead_ms <= -evict_after_ms) | (young & (ahead_ms >= evict_after_ms))]

    def _ahead_ms(self, now_ms: int) -> Ints:
        """How far the series of each slot is ahead of event time, by its last sample or one of a step that is open.

        The nearest counts: steps that are open have been heard of since the last that was accepted, and may be absurd.
        """
        ahead_ms = self.state.grid["last_sample_ms"] - now_ms
        for slot, steps in self.state.aggregator.open.items():
            ahead = [int(ahead_ms[slot]), *(samples.last.timestamp_ms - now_ms for samples in steps.values())]
            ahead_ms[slot] = min(ahead, key=abs)
        return ahead_ms


def _entry(block: SampleBlock, place: int) -> Entry | None:
    """The newcomer of a row; None where its name is none of ours: others can write to the samples topic too."""
    number = block.index[place]
    try:
        key = parse_series(block.series[number])
    except ValueError:
        return None
    return Entry(block.series[number], key, block.entity[number], block.source_topic)
