"""Sections of slots: what holds a row for each series, in ranges that are the same for all of it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from models.layout import Arrays, pack_rows, unpack_rows
from streams.items import per_range, ranges
from streams.pipeline import grid as grids
from streams.pipeline.state import PipelineState

SLOT_SECTIONS = ("grid", "forecast", "anomaly", "signals")


class SlotRows(Protocol):
    """What holds rows and makes bytes of them."""

    def pack(self, start: int, stop: int) -> bytes:
        """Rows [start, stop) as bytes."""

    def unpack(self, start: int, stop: int, payload: bytes) -> None:
        """Put back what `pack` made of as many rows."""


class _Grid:
    """The grid is no bank, for others hold its arrays."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays

    def pack(self, start: int, stop: int) -> bytes:
        return pack_rows(self._arrays, grids.LAYOUT, start, stop)

    def unpack(self, start: int, stop: int, payload: bytes) -> None:
        unpack_rows(self._arrays, grids.LAYOUT, start, stop, payload)


def slot_rows(state: PipelineState) -> dict[str, SlotRows]:
    """What holds a row for each slot, by the name of its sections."""
    holders = (_Grid(state.grid), state.bank, state.anomalies.bank, state.signals.bank)
    return dict(zip(SLOT_SECTIONS, holders, strict=True))


def dump_slots(state: PipelineState) -> dict[str, bytes]:
    """The sections of all ranges."""
    return {
        section: rows.pack(start, stop)
        for name, rows in slot_rows(state).items()
        for section, start, stop in _ranges(state, name)
    }


def load_slots(state: PipelineState, sections: Mapping[str, bytes], without: Collection[str]) -> None:
    """Put back what `dump_slots` made, whose series are there; ranges `without` are left as they are."""
    for name, rows in slot_rows(state).items():
        for section, start, stop in _ranges(state, name):
            if section not in without:
                rows.unpack(start, stop, sections[section])


def slots_within(state: PipelineState, section: str) -> range:
    """The slots of a section."""
    _, start, stop = next(each for each in _ranges(state, section.partition("/")[0]) if each[0] == section)
    return range(start, stop)


def _ranges(state: PipelineState, name: str) -> Iterator[tuple[str, int, int]]:
    """Sections, each with its first slot and the one after its last. The largest rows say how many go into one."""
    return ranges(name, per_range(state.bank.slot_bytes), len(state.catalog.entries))
