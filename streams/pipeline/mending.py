"""A state in which some series are lost: what is whole is loaded, the lost ones come from a log that was read again.

The other pipeline has read what the log still holds, up to the same offset. If that was all of it, both know the same
series in the same slots, and rows are copied as they are, so that the result is the state that was damaged, byte for
byte. Else a series is found by its name: what it has learned since the log begins is taken, and one that had no sample
since then begins anew.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from models.layout import Arrays, Layout
from streams.pipeline import grid as grids
from streams.pipeline.capacity import CapacityTracker
from streams.pipeline.desk import Desk
from streams.pipeline.failures import FailureTracker
from streams.pipeline.hazards import HazardTracker
from streams.pipeline.objectives import ObjectiveTracker
from streams.pipeline.pairs import NO_PAIR, Pair
from streams.pipeline.rows import Row
from streams.pipeline.sections import load_rules, load_series, pairs_within, settle, slots_within
from streams.pipeline.state import PipelineState

SLOTS, RULES = ("grid", "forecast", "anomaly", "signals"), ("capacity", "failures", "hazards", "objectives")
"""Sections that hold ranges of series, and ranges of pairs of series and rules. A slot's grid and its banks are lost
together: one without the others would disagree about the series' step."""


class Rebuilt(NamedTuple):
    """The other pipeline's parts."""

    state: PipelineState
    desk: Desk


def can_mend(damaged: Collection[str]) -> bool:
    """Whether these sections hold nothing but ranges of series, so that all other series can be loaded without."""
    return all(_kind(section) in SLOTS + RULES for section in damaged)


def mend(
    state: PipelineState, desk: Desk, sections: Mapping[str, bytes], damaged: Collection[str], rebuilt: Rebuilt
) -> int:
    """Fill a new pipeline; returns the number of series that are not as they were in the sections.

    Raises
    ------
    StateMismatchError
        If the state was written in another format, or for another horizon.
    """
    load_series(state, desk, sections, damaged)
    is_same = state.catalog.entries == rebuilt.state.catalog.entries
    lost: set[int] = set()
    for section in sorted({f"grid/{name.partition('/')[2]}" for name in damaged if _kind(name) in SLOTS}):
        slots = slots_within(state, section)
        lost.update(slots)
        _graft_slots(state, desk, rebuilt, list(slots), is_same)
    load_rules(state, sections, damaged)
    for section in damaged:
        if _kind(section) in RULES:
            lost.update(_graft_pairs(state, rebuilt.state, section, is_same))
    settle(state)
    return len(lost & set(state.catalog.slots.values()))


def _kind(section: str) -> str:
    return section.partition("/")[0]


def _graft_slots(state: PipelineState, desk: Desk, rebuilt: Rebuilt, slots: list[int], is_same: bool) -> None:
    origins = {slot: slot for slot in slots} if is_same else dict(_origins(state, rebuilt.state, slots))
    _copy(grids.LAYOUT, state.grid, rebuilt.state.grid, origins)
    _copy(state.bank.layout, state.bank.arrays, rebuilt.state.bank.arrays, origins)
    _copy(state.signals.bank.layout, state.signals.bank.arrays, rebuilt.state.signals.bank.arrays, origins)
    anomalies = state.anomalies.bank
    _copy(anomalies.layout, anomalies.arrays, rebuilt.state.anomalies.bank.arrays, origins)
    if not is_same:
        # Rules tie it to others again when they are settled.
        state.grid["group"][slots] = slots
    for slot in slots:
        _forget_waiting(state, slot)
        if slot in origins:
            _graft_waiting(state, desk, rebuilt, slot, origins[slot])
        elif state.catalog.entries[slot] is not None:
            state.begin(slot, state.sources.watermark_ms or 0)


def _origins(state: PipelineState, rebuilt: PipelineState, slots: list[int]) -> Iterator[tuple[int, int]]:
    """Slots, and where the rebuilt state has their series, as far as it has."""
    for slot in slots:
        entry = state.catalog.entries[slot]
        if entry is not None and entry.name in rebuilt.catalog.slots:
            yield slot, rebuilt.catalog.slots[entry.name]


def _copy(layout: Layout, into: Arrays, source: Arrays, origins: Mapping[int, int]) -> None:
    to_rows, from_rows = np.array(list(origins), np.int64), np.array(list(origins.values()), np.int64)
    for field in layout:
        into[field.name][to_rows] = source[field.name][from_rows]


def _forget_waiting(state: PipelineState, slot: int) -> None:
    state.admission.waiting.pop(slot, None)
    state.admission.young.pop(slot, None)
    state.aggregator.forget(slot)


def _graft_waiting(state: PipelineState, desk: Desk, rebuilt: Rebuilt, slot: int, origin: int) -> None:
    """Take over what waits for more samples of its series."""

    def moved(row: Row) -> Row:
        return row._replace(slot=slot, source=desk.source_number(rebuilt.desk.source_ids[row.source]))

    theirs = rebuilt.state.admission
    for mine, held in ((state.admission.waiting, theirs.waiting), (state.admission.young, theirs.young)):
        if origin in held:
            mine[slot] = [moved(row) for row in held[origin]]
    steps = rebuilt.state.aggregator.open.get(origin)
    if steps:
        state.aggregator.open[slot] = {
            step: replace(samples, last=moved(samples.last)) for step, samples in steps.items()
        }


def _graft_pairs(state: PipelineState, rebuilt: PipelineState, section: str, is_same: bool) -> Iterator[int]:
    """Take over a range of a rule bank; gives the slots of its pairs."""
    tracker, theirs = _trackers(state, rebuilt, _kind(section))
    numbers = pairs_within(tracker.pairs, tracker.bank, section)
    if is_same and tracker.pairs.pairs == theirs.pairs.pairs:
        _copy(tracker.bank.layout, tracker.bank.arrays, theirs.bank.arrays, {number: number for number in numbers})
    for number in numbers:
        pair = tracker.pairs.pairs[number]
        if pair is None:
            continue
        yield pair.slot
        if is_same and tracker.pairs.pairs == theirs.pairs.pairs:
            continue
        slot = rebuilt.catalog.slots.get(state.catalog.entry(pair.slot).name)
        origin = NO_PAIR if slot is None else theirs.pairs.number(Pair(slot, pair.rule))
        if origin == NO_PAIR:
            tracker.restart_pair(number)
        else:
            _copy(tracker.bank.layout, tracker.bank.arrays, theirs.bank.arrays, {number: origin})


def _trackers(
    state: PipelineState, rebuilt: PipelineState, kind: str
) -> (
    tuple[CapacityTracker, CapacityTracker]
    | tuple[FailureTracker, FailureTracker]
    | tuple[HazardTracker, HazardTracker]
    | tuple[ObjectiveTracker, ObjectiveTracker]
):
    if kind == "capacity":
        return state.capacity, rebuilt.capacity
    if kind == "hazards":
        return state.hazards, rebuilt.hazards
    if kind == "objectives":
        return state.objectives, rebuilt.objectives
    return state.failures, rebuilt.failures
