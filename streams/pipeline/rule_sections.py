"""Sections of rules: the pairs of series and rules, the entities that rules are about, and what was learned of both.

A pair and an entity name their rule by a fingerprint: what was learned under a rule that has changed is dropped.
"""

import zlib
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

import orjson

from models.layout import SlotBank
from streams.items import named, per_range, ranges
from streams.pipeline.members import Owner
from streams.pipeline.pairs import Pair, Pairs
from streams.pipeline.state import PipelineState
from streams.settings.hazards import HazardRule
from streams.settings.objectives import Objective
from streams.settings.rules import CapacityRule, FailureRule

Rule = CapacityRule | FailureRule | HazardRule | Objective
Entry = TypeVar("Entry", Pair, Owner)

RULE_SECTIONS = ("capacity", "failures", "hazards", "objectives")


class RuleTracker(Protocol):
    """What the trackers of all rules have in common: a bank with a slot for each pair of a series and a rule."""

    @property
    def rules(self) -> Sequence[Rule]:
        """As the settings list them."""

    @property
    def pairs(self) -> Pairs:
        """Which pair has which slot."""

    @property
    def bank(self) -> SlotBank:
        """What is learned of pairs."""

    def restart_pair(self, pair: int) -> None:
        """Forget what was learned of a pair."""


def rule_trackers(state: PipelineState) -> dict[str, RuleTracker]:
    """The trackers of rules, by the name of their sections."""
    trackers: tuple[RuleTracker, ...] = (state.capacity, state.failures, state.hazards, state.objectives)
    return dict(zip(RULE_SECTIONS, trackers, strict=True))


class _Table(NamedTuple):
    """A bank whose slots each have an entry: `kind` names the sections that say which."""

    name: str
    kind: str
    rules: Sequence[Rule]
    bank: SlotBank


def dump_rules(state: PipelineState) -> dict[str, bytes]:
    """The sections of all pairs and entities."""
    sections: dict[str, bytes] = {}
    for table, pairs in _pair_tables(state):
        sections |= _dump(table, pairs.pairs)
    hazards, objectives, alerts = _owner_tables(state)
    sections |= _dump(hazards, state.hazards.members.owners)
    sections |= _dump(objectives, state.objectives.members.owners)
    sections |= _dump(alerts, state.objectives.members.owners)
    return sections


def load_rules(state: PipelineState, sections: Mapping[str, bytes], without: Collection[str] = ()) -> None:
    """Put back what `dump_rules` made, whose series are there; ranges of pairs `without` are left as they are."""
    hazards, objectives, alerts = _owner_tables(state)
    state.hazards.members.load(_load(hazards, Owner, sections))
    state.objectives.members.load(_load(objectives, Owner, sections))
    # Of the same entities again.
    _load(alerts, Owner, sections)
    for table, pairs in _pair_tables(state):
        pairs.load(_load(table, Pair, sections, without))


def pairs_within(tracker: RuleTracker, section: str) -> range:
    """The numbers of the pairs of a section."""
    size, start = per_range(tracker.bank.slot_bytes), int(section.partition("/")[2])
    return range(start * size, min((start + 1) * size, len(tracker.pairs.pairs)))


def _pair_tables(state: PipelineState) -> list[tuple[_Table, Pairs]]:
    return [
        (_Table(name, "pairs", tracker.rules, tracker.bank), tracker.pairs)
        for name, tracker in rule_trackers(state).items()
    ]


def _owner_tables(state: PipelineState) -> tuple[_Table, _Table, _Table]:
    hazards, objectives = state.hazards, state.objectives
    return (
        _Table("hazard-owners", "names", hazards.rules, hazards.entities),
        _Table("objective-owners", "names", objectives.rules, objectives.entities),
        _Table("objective-alerts", "names", objectives.rules, objectives.entities.alerts),
    )


def _dump(table: _Table, entries: Sequence[Pair | Owner | None]) -> dict[str, bytes]:
    fingerprints, sections = [_fingerprint(rule) for rule in table.rules], {}
    for section, start, stop in ranges(table.name, per_range(table.bank.slot_bytes), len(entries)):
        sections[section] = table.bank.pack(start, stop)
        whose = [entry and [entry[0], fingerprints[entry.rule]] for entry in entries[start:stop]]
        sections[section.replace("/", f"-{table.kind}/")] = orjson.dumps(whose)
    return sections


def _load(
    table: _Table, entry: type[Entry], sections: Mapping[str, bytes], without: Collection[str] = ()
) -> list[Entry | None]:
    """Fill the bank; the entries of its slots, None where there is none, or its rule is no more."""
    number = {_fingerprint(rule): place for place, rule in enumerate(table.rules)}
    entries: list[Entry | None] = []
    for of_entries in named(f"{table.name}-{table.kind}", sections):
        start, whose = len(entries), orjson.loads(sections[of_entries])
        entries += [entry(each[0], number[each[1]]) if each and each[1] in number else None for each in whose]
        table.bank.reserve(len(entries))
        section = of_entries.replace(f"-{table.kind}/", "/")
        if section not in without:
            table.bank.unpack(start, len(entries), sections[section])
    return entries


def _fingerprint(rule: Rule) -> str:
    if isinstance(rule, HazardRule | Objective):
        return rule.mark
    return f"{rule.name}:{zlib.crc32(rule.model_dump_json().encode()):08x}"
