"""The state of a pipeline as named sections of bytes, each small enough for one record.

=====================  ========================================================================================
``head``               JSON: version, next offset, sources and their watermarks, counts, the bank's anchors and experts
``series/NNNNN``       JSON: slots of the catalogue, in order
``waiting/NNNNN``      JSON: the rows that wait, by slot; ``young/NNNNN``: those that young series learned from
``open/NNNNN``         JSON: the steps that are open
``spans/NNNNN``        JSON: the events whose times are not learned from
``incidents/NNNNN``    JSON: the incidents that hazards settle by, and whether event time has yet to come to them
``grid/NNNNN``         a range of the grid's slots, as `models.layout.pack_rows` writes them
``forecast/NNNNN``     the forecast bank's slots of that range
``anomaly/NNNNN``      the anomaly bank's slots of that range
``capacity/NNNNN``     a range of the capacity bank's slots; ``capacity-pairs/NNNNN`` is JSON: whose they are
``failures/NNNNN``     the same of the failure bank; ``failures-pairs/NNNNN``
``signals/NNNNN``      the signal bank's slots of the grid's ranges
``told/NNNNN``         JSON: signals that the next flush will write
``hazards/NNNNN``      the same of the series whose signs hazards are made of; ``hazards-pairs/NNNNN``
``objectives/NNNNN``   and of the series whose events objectives count; ``objectives-pairs/NNNNN``
``hazard-owners/NNNNN``  a range of the hazards' entities; ``hazard-owners-names/NNNNN`` is JSON: which they are
``objective-owners/NNNNN``  the same of objectives: their budgets; ``objective-alerts/NNNNN``: how alerts are predicted
=====================  ========================================================================================

A pair names its rule by a fingerprint: when a rule is changed in the settings, what was learned under the old one is
dropped, and everything else is kept.
"""

import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

import orjson

from models.layout import Arrays, Layout, pack_rows, row_bytes, unpack_rows
from streams.checkpoint import StateMismatchError
from streams.items import dump_items as _dump_items
from streams.items import load_items as _load_items
from streams.items import named as _named
from streams.items import per_range as _per_range
from streams.items import ranges as _ranges
from streams.pipeline import grid as grids
from streams.pipeline.desk import Desk
from streams.pipeline.hazards import HazardTracker
from streams.pipeline.members import Owner
from streams.pipeline.objectives import ObjectiveTracker
from streams.pipeline.pairs import Pair, Pairs
from streams.pipeline.rows import Row
from streams.pipeline.sources import SourceId
from streams.pipeline.state import PipelineState
from streams.rejects import RejectReason
from streams.settings.hazards import HazardRule
from streams.settings.objectives import Objective
from streams.settings.rules import CapacityRule, FailureRule

FORMAT_VERSION = 7
FORMER_VERSION = 6
"""Is read, too: there what waits to be signalled does not say what lasts."""


def dump(state: PipelineState, desk: Desk) -> dict[str, bytes]:
    """All sections of a pipeline between two steps."""
    sections = {"head": orjson.dumps(_head(state, desk))}
    slots = len(state.catalog.entries)
    sections |= _dump_items("series", state.catalog.dump())
    sections |= _dump_items("waiting", _dump_rows(state.admission.waiting))
    sections |= _dump_items("young", _dump_rows(state.admission.young))
    sections |= _dump_items("open", state.aggregator.dump())
    sections |= _dump_items("spans", state.spans.dump())
    sections |= _dump_items("incidents", state.hazards.told.dump())
    for name, start, stop in _ranges("grid", _per_range(state.bank.slot_bytes), slots):
        sections[name] = pack_rows(state.grid, grids.LAYOUT, start, stop)
    for name, start, stop in _ranges("forecast", _per_range(state.bank.slot_bytes), slots):
        sections[name] = state.bank.pack(start, stop)
    for name, start, stop in _ranges("anomaly", _per_range(state.bank.slot_bytes), slots):
        sections[name] = state.anomalies.bank.pack(start, stop)
    for name, start, stop in _ranges("signals", _per_range(state.bank.slot_bytes), slots):
        sections[name] = pack_rows(state.signals.bank.arrays, state.signals.bank.layout, start, stop)
    sections |= _dump_items("told", state.signals.dump_pending())
    sections |= _dump_pairs("capacity", state.capacity.pairs, state.capacity.rules, state.capacity.bank)
    sections |= _dump_pairs("failures", state.failures.pairs, state.failures.rules, state.failures.bank)
    sections |= _dump_pairs("hazards", state.hazards.pairs, state.hazards.rules, state.hazards.bank)
    sections |= _dump_pairs("objectives", state.objectives.pairs, state.objectives.rules, state.objectives.bank)
    sections |= _dump_owners("hazard-owners", state.hazards, state.hazards.entities)
    sections |= _dump_owners("objective-owners", state.objectives, state.objectives.entities)
    sections |= _dump_owners("objective-alerts", state.objectives, state.objectives.entities.alerts)
    return sections


def load(state: PipelineState, desk: Desk, sections: Mapping[str, bytes]) -> None:
    """Fill a new pipeline with what `dump` made.

    Raises
    ------
    StateMismatchError
        If the state was written in another format, for another horizon, or with other experts.
    """
    load_series(state, desk, sections)
    load_rules(state, sections)
    settle(state)


def load_series(state: PipelineState, desk: Desk, sections: Mapping[str, bytes], without: Collection[str] = ()) -> None:
    """Fill all but the rules' pairs and banks; the slots of ranges `without` are left as they are.

    Raises
    ------
    StateMismatchError
        If the state was written in another format, or for another horizon.
    """
    head = orjson.loads(sections["head"])
    _check(state, head)
    state.next_offset = head["next_offset"]
    state.samples_accepted = head["samples_accepted"]
    state.swept_at_ms = head["swept_at_ms"]
    desk.rejects = Counter({RejectReason(reason): count for reason, count in head["rejects"].items()})
    state.sources.load(head["sources"], head["watermark_ms"])
    for source in head["source_ids"]:
        desk.source_number(SourceId(*source))
    state.signals.position, state.signals.flushed_minute, state.signals.rows_taken = head["signals"]
    _load_slots(state, sections, head["slots"], without)


def load_rules(state: PipelineState, sections: Mapping[str, bytes], without: Collection[str] = ()) -> None:
    """Fill the rules' pairs and banks, whose series are there; ranges `without` are left as they are."""
    _load_pairs("capacity", state.capacity.pairs, state.capacity.rules, state.capacity.bank, sections, without)
    _load_pairs("failures", state.failures.pairs, state.failures.rules, state.failures.bank, sections, without)
    hazards, objectives = state.hazards, state.objectives
    hazards.members.load(_load_owners("hazard-owners", hazards, hazards.entities, sections))
    objectives.members.load(_load_owners("objective-owners", objectives, objectives.entities, sections))
    _load_owners("objective-alerts", objectives, objectives.entities.alerts, sections)
    _load_pairs("hazards", hazards.pairs, hazards.rules, hazards.bank, sections, without)
    _load_pairs("objectives", objectives.pairs, objectives.rules, objectives.bank, sections, without)


def settle(state: PipelineState) -> None:
    """Let the settings of today hold for what was loaded."""
    state.relocate()
    for slot in sorted(state.catalog.slots.values()):
        state.anomalies.add_series(slot)
        state.capacity.add_series(slot)
        state.failures.add_series(slot)
        state.signals.add_series(slot)
        state.hazards.add_series(slot)
        state.objectives.add_series(slot)


def _head(state: PipelineState, desk: Desk) -> dict[str, Any]:
    return {
        "v": FORMAT_VERSION,
        "next_offset": state.next_offset,
        "samples_accepted": state.samples_accepted,
        "swept_at_ms": state.swept_at_ms,
        "rejects": {reason.value: count for reason, count in sorted(desk.rejects.items())},
        "sources": state.sources.dump(),
        "watermark_ms": state.sources.watermark_ms,
        "source_ids": [list(source) for source in desk.source_ids],
        "slots": len(state.catalog.entries),
        "signals": [state.signals.position, state.signals.flushed_minute, state.signals.rows_taken],
        "anchors": state.bank.horizons.anchors.tolist(),
        "experts": state.bank.expert_names,
    }


def _check(state: PipelineState, head: dict[str, Any]) -> None:
    if head["v"] not in (FORMER_VERSION, FORMAT_VERSION):
        raise StateMismatchError(f"the state has format {head['v']}, this version reads {FORMAT_VERSION}")
    if head["anchors"] != state.bank.horizons.anchors.tolist():
        raise StateMismatchError(
            f"the state was learned for a horizon of {head['anchors'][-1]} steps, the settings ask for "
            f"{state.bank.horizons.steps}; set forecast.horizon back, or start afresh under another topics.prefix"
        )
    if head["experts"] != list(state.bank.expert_names):
        raise StateMismatchError(_other_experts(head["experts"], state.bank.expert_names))


def _other_experts(learned: Sequence[str], asked: Sequence[str]) -> str:
    alone, lacking = (", ".join(sorted(set(a) - set(b))) or "none" for a, b in ((learned, asked), (asked, learned)))
    return (
        f"the state was learned by other experts than the settings ask for (it alone has {alone}; it lacks {lacking}); "
        "set calendar, or the shapes in the file of forecast.params, back, or start afresh under another topics.prefix"
    )


def _load_slots(state: PipelineState, sections: Mapping[str, bytes], slots: int, without: Collection[str]) -> None:
    state.reserve(slots)
    state.catalog.load(_load_items("series", sections))
    state.admission.waiting.update(_load_rows(_load_items("waiting", sections)))
    state.admission.young.update(_load_rows(_load_items("young", sections)))
    state.aggregator.load(_load_items("open", sections))
    state.spans.load(_load_items("spans", sections))
    state.hazards.told.load(_load_items("incidents", sections))
    for name, start, stop in _ranges("grid", _per_range(state.bank.slot_bytes), slots):
        if name not in without:
            unpack_rows(state.grid, grids.LAYOUT, start, stop, sections[name])
    for name, start, stop in _ranges("forecast", _per_range(state.bank.slot_bytes), slots):
        if name not in without:
            state.bank.unpack(start, stop, sections[name])
    for name, start, stop in _ranges("anomaly", _per_range(state.bank.slot_bytes), slots):
        if name not in without:
            state.anomalies.bank.unpack(start, stop, sections[name])
    for name, start, stop in _ranges("signals", _per_range(state.bank.slot_bytes), slots):
        if name not in without:
            unpack_rows(state.signals.bank.arrays, state.signals.bank.layout, start, stop, sections[name])
    state.signals.load_pending(_load_items("told", sections))


def _dump_rows(held: Mapping[int, list[Row]]) -> list[Any]:
    return [[slot, [list(row) for row in rows]] for slot, rows in sorted(held.items())]


def _load_rows(items: list[Any]) -> dict[int, list[Row]]:
    return {slot: [Row(*row) for row in rows] for slot, rows in items}


class RuleBank(Protocol):
    """What the capacity and the failure bank have in common."""

    layout: Layout
    arrays: Arrays

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots."""


Rules = Sequence[CapacityRule | FailureRule | HazardRule | Objective]


def _dump_pairs(name: str, pairs: Pairs, rules: Rules, bank: RuleBank) -> dict[str, bytes]:
    marks = [_fingerprint(rule) for rule in rules]
    sections = {}
    for section, start, stop in _ranges(name, _per_range(row_bytes(bank.layout)), len(pairs.pairs)):
        sections[section] = pack_rows(bank.arrays, bank.layout, start, stop)
        owners = [pair and [pair.slot, marks[pair.rule]] for pair in pairs.pairs[start:stop]]
        sections[section.replace("/", "-pairs/")] = orjson.dumps(owners)
    return sections


def _load_pairs(
    name: str,
    pairs: Pairs,
    rules: Rules,
    bank: RuleBank,
    sections: Mapping[str, bytes],
    without: Collection[str],
) -> None:
    number = {_fingerprint(rule): place for place, rule in enumerate(rules)}
    owners: list[Pair | None] = []
    for of_pairs in _named(f"{name}-pairs", sections):
        section = of_pairs.replace("-pairs/", "/")
        start = len(owners)
        for owner in orjson.loads(sections[of_pairs]):
            known = owner is not None and owner[1] in number
            owners.append(Pair(owner[0], number[owner[1]]) if known else None)
        bank.reserve(len(owners))
        if section not in without:
            unpack_rows(bank.arrays, bank.layout, start, len(owners), sections[section])
    pairs.load(owners)


def _dump_owners(name: str, tracker: HazardTracker | ObjectiveTracker, bank: RuleBank) -> dict[str, bytes]:
    marks, owners = [_fingerprint(rule) for rule in tracker.rules], tracker.members.owners
    sections = {}
    for section, start, stop in _ranges(name, _per_range(row_bytes(bank.layout)), len(owners)):
        sections[section] = pack_rows(bank.arrays, bank.layout, start, stop)
        names = [owner and [owner.entity, marks[owner.rule]] for owner in owners[start:stop]]
        sections[section.replace("/", "-names/")] = orjson.dumps(names)
    return sections


def _load_owners(
    name: str, tracker: HazardTracker | ObjectiveTracker, bank: RuleBank, sections: Mapping[str, bytes]
) -> list[Owner | None]:
    rules: Rules = tracker.rules
    number = {_fingerprint(rule): place for place, rule in enumerate(rules)}
    owners: list[Owner | None] = []
    for section in _named(name, sections):
        start, names = len(owners), orjson.loads(sections[section.replace("/", "-names/")])
        owners += [Owner(each[0], number[each[1]]) if each and each[1] in number else None for each in names]
        bank.reserve(len(owners))
        unpack_rows(bank.arrays, bank.layout, start, len(owners), sections[section])
    return owners


def slots_within(state: PipelineState, section: str) -> range:
    """The slots of a range of the grid, the forecast bank or the anomaly bank."""
    return _within(section, _per_range(state.bank.slot_bytes), len(state.catalog.entries))


def pairs_within(pairs: Pairs, bank: RuleBank, section: str) -> range:
    """The numbers of the pairs of a range of a rule bank."""
    return _within(section, _per_range(row_bytes(bank.layout)), len(pairs.pairs))


def _within(section: str, size: int, total: int) -> range:
    start = int(section.partition("/")[2]) * size
    return range(start, min(start + size, total))


def _fingerprint(rule: CapacityRule | FailureRule | HazardRule | Objective) -> str:
    if isinstance(rule, HazardRule | Objective):
        return rule.mark
    return f"{rule.name}:{zlib.crc32(rule.model_dump_json().encode()):08x}"
