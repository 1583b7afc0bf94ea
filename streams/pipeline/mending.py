"""A state in which some series are lost: what is whole is loaded, the lost ones come from a log that was read again.

The other pipeline has read what the log still holds, up to the same offset. If that was all of it, both know the same
series in the same slots, and rows are copied as they are, so that the result is the state that was damaged, byte for
byte. Else a series is found by its name: what it has learned since the log begins is taken, and one that had no sample
since then begins anew.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from streams.pipeline.desk import Desk
from streams.pipeline.pairs import NO_PAIR, Pair
from streams.pipeline.rows import Row
from streams.pipeline.rule_sections import RULE_SECTIONS, load_rules, pairs_within, rule_trackers
from streams.pipeline.sections import load_series
from streams.pipeline.slot_sections import SLOT_SECTIONS, SlotRows, slot_rows, slots_within
from streams.pipeline.state import PipelineState


class Rebuilt(NamedTuple):
    """The other pipeline's parts."""

    state: PipelineState
    desk: Desk


def can_mend(damaged: Collection[str]) -> bool:
    """Whether these sections hold nothing but ranges of series, so that all other series can be loaded without."""
    return all(_kind(section) in SLOT_SECTIONS + RULE_SECTIONS for section in damaged)


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
    lost: set[int] = set()
    # A slot's grid and its banks are lost together: one without the others would disagree about the series' step.
    for section in sorted({f"grid/{name.partition('/')[2]}" for name in damaged if _kind(name) in SLOT_SECTIONS}):
        slots = slots_within(state, section)
        lost.update(slots)
        _graft_slots(state, desk, rebuilt, slots)
    load_rules(state, sections, damaged)
    for section in damaged:
        if _kind(section) in RULE_SECTIONS:
            lost.update(_graft_pairs(state, rebuilt.state, section))
    state.apply_settings()
    return len(lost & set(state.catalog.slots.values()))


def _is_same(state: PipelineState, rebuilt: PipelineState) -> bool:
    """Whether the log was read from its beginning: both know the same series in the same slots."""
    return state.catalog.entries == rebuilt.catalog.entries


def _kind(section: str) -> str:
    return section.partition("/")[0]


def _graft_slots(state: PipelineState, desk: Desk, rebuilt: Rebuilt, slots: range) -> None:
    """Take over a range of series, with what of them waits; those that are not there begin anew."""
    is_same = _is_same(state, rebuilt.state)
    origins = _as_they_are(slots) if is_same else dict(_origins(state, rebuilt.state, slots))
    for mine, theirs in zip(slot_rows(state).values(), slot_rows(rebuilt.state).values(), strict=True):
        _copy(mine, theirs, origins)
    if not is_same:
        # Rules tie it to others again when they are applied.
        state.grid["group"][list(slots)] = slots
    for slot in slots:
        _forget_waiting(state, slot)
        if slot in origins:
            _graft_waiting(state, desk, rebuilt, slot, origins[slot])
        elif state.catalog.entries[slot] is not None:
            state.begin(slot, state.sources.watermark_ms or 0)


def _as_they_are(numbers: range) -> dict[int, int]:
    return {number: number for number in numbers}


def _origins(state: PipelineState, rebuilt: PipelineState, slots: range) -> Iterator[tuple[int, int]]:
    """Slots, and where the rebuilt state has their series, as far as it has."""
    for slot in slots:
        entry = state.catalog.entries[slot]
        if entry is not None and entry.name in rebuilt.catalog.slots:
            yield slot, rebuilt.catalog.slots[entry.name]


def _copy(into: SlotRows, source: SlotRows, origins: Mapping[int, int]) -> None:
    for slot, origin in origins.items():
        into.unpack(slot, slot + 1, source.pack(origin, origin + 1))


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


def _graft_pairs(state: PipelineState, rebuilt: PipelineState, section: str) -> list[int]:
    """Take over a range of a rule bank; those that are not there begin anew. The slots of all its pairs."""
    tracker, theirs = (rule_trackers(each)[_kind(section)] for each in (state, rebuilt))
    numbers, pairs = pairs_within(tracker, section), tracker.pairs.pairs
    if _is_same(state, rebuilt) and pairs == theirs.pairs.pairs:
        origins = _as_they_are(numbers)
    else:
        origins = dict(_pair_origins(state, rebuilt, section))
    _copy(tracker.bank, theirs.bank, origins)
    taken = [number for number in numbers if pairs[number] is not None]
    for number in taken:
        if number not in origins:
            tracker.restart_pair(number)
    return [tracker.pairs.pair(number).slot for number in taken]


def _pair_origins(state: PipelineState, rebuilt: PipelineState, section: str) -> Iterator[tuple[int, int]]:
    """Numbers of pairs, and where the rebuilt state has these pairs, as far as it has."""
    tracker, theirs = (rule_trackers(each)[_kind(section)] for each in (state, rebuilt))
    for number in pairs_within(tracker, section):
        pair = tracker.pairs.pairs[number]
        slot = None if pair is None else rebuilt.catalog.slots.get(state.catalog.entry(pair.slot).name)
        origin = NO_PAIR if pair is None or slot is None else theirs.pairs.number(Pair(slot, pair.rule))
        if origin != NO_PAIR:
            yield number, origin
