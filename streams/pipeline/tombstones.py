"""Tombstones: the ends of all keys that a series has, and of those of entities that it is the last member of."""

from collections.abc import Iterator
from typing import NamedTuple

from streams.outputs.subject import record_key, tombstone
from streams.pipeline.state import PipelineState
from streams.records import OutputRecord
from streams.schema import RecordKind


class Key(NamedTuple):
    """What records of a series or an entity are known by; `rule` is one, or the kind of an anomaly."""

    kind: RecordKind
    topic: str
    name: str
    rule: str | None = None


def tombstones(state: PipelineState, slot: int) -> Iterator[OutputRecord]:
    """What ends the keys of a series that is about to leave its slot."""
    for key in (*_of_series(state, slot), *_of_entities(state, slot)):
        yield tombstone(key.kind, key.topic, record_key(key.kind, key.name, key.rule))


def _of_series(state: PipelineState, slot: int) -> Iterator[Key]:
    config, name = state.config, state.catalog.entry(slot).name
    yield Key(RecordKind.FORECAST, config.forecasts_topic, name)
    yield Key(RecordKind.QUALITY, config.quality_topic, name)
    for anomaly in state.anomalies.ever_told(slot):
        yield Key(RecordKind.ANOMALY, config.anomalies_topic, name, anomaly)
    for number in state.capacity.pairs.rules_of(slot):
        yield Key(RecordKind.CAPACITY, config.capacity_topic, name, config.capacity_rules[number].name)
    for number in state.failures.pairs.rules_of(slot):
        rule = config.failure_rules[number].name
        yield Key(RecordKind.FAILURE, config.failures_topic, name, rule)
        yield Key(RecordKind.FAILURE_QUALITY, config.quality_topic, name, rule)


def _of_entities(state: PipelineState, slot: int) -> Iterator[Key]:
    config, hazards, objectives = state.config, state.hazards, state.objectives
    for entity, number in hazards.members.would_go(slot):
        rule = hazards.rules[number].name
        yield Key(RecordKind.HAZARD, config.failures_topic, entity, rule)
        yield Key(RecordKind.HAZARD_QUALITY, config.quality_topic, entity, rule)
    for entity, number in objectives.members.would_go(slot):
        rule = objectives.rules[number].name
        yield Key(RecordKind.OBJECTIVE, config.failures_topic, entity, rule)
        yield Key(RecordKind.OBJECTIVE_QUALITY, config.quality_topic, entity, rule)
