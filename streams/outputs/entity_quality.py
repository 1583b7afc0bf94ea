"""How predictions of an entity fared, of a hazard or an objective: counts and sums, which add up to those of a fleet.

Both begin with ``{"v": 1, "kind": ..., "entity": ..., "labels": ..., "origin_ms": ..., "last_sample_at_ms": ...,
"expires_at_ms": ..., "model": ...}``. Then, of a hazard::

    {"hazard": "disk", "within_ms": 604800000, "calibration": "fleet-1a2b3c4d" | null,
     "looks_settled": 12, "failures_seen": 0, "brier": 0.0004 | null, "base_brier": 0.0003 | null,
     "bin_looks": [12, ...], "bin_hits": [0, ...], "bin_p": [0.2, ...],   settled ones by tenths of their probability
     "flags": 1, "flags_right": 0, "leads": [0, ...],                     as the warnings of a failure rule
     "precision": 0.0 | null, "recall": null, "lead_p50_ms": null,
     "score_looks": [12, ...], "score_hits": [0, ...], "score_max": 2.5 | null}   what a calibration is made of

and of an objective, whose predictions are of an alert within an hour::

    {"objective": "availability", "within_ms": 3600000, "looks_settled": 250, "alerts_seen": 3, ...}   as of a rule
"""

from collections.abc import Iterator
from math import isfinite

import numpy as np
import orjson

from models.failure.error_budget_bank import HOUR_MS
from models.failure.hazards import HazardStanding, look_gap_ms
from streams.contract.records.entity_quality import (
    EntityQualityFields,
    HazardQualityFields,
    HazardSettledFields,
    ObjectiveQualityFields,
)
from streams.outputs.entities import entity_labels, entity_record
from streams.outputs.failures import settled
from streams.pipeline.hazards import HazardOutcome
from streams.pipeline.objectives import QUALITY_RECORDS, ObjectiveOutcome
from streams.records import OutputRecord
from streams.schema import SCHEMA_VERSIONS, RecordKind

RECORDS_VALID = 2
"""A record expires when a second one should have taken its place."""


def hazard_quality_records(topic: str, model: str, outcome: HazardOutcome) -> Iterator[OutputRecord]:
    """How the predictions of those entities of a hazard fared of which it is to be told."""
    rule, standing = outcome.rule, outcome.standing
    valid_ms = RECORDS_VALID * max(rule.every_ms, look_gap_ms(rule.within_ms))
    for place in np.flatnonzero(outcome.with_quality).tolist():
        entity, last_ms = outcome.entities[place], int(outcome.last_ms[place])
        fields: HazardQualityFields = {
            **_head(RecordKind.HAZARD_QUALITY, model, entity, last_ms, valid_ms),
            "hazard": rule.name,
            "within_ms": rule.within_ms,
            "calibration": rule.calibration.name if rule.calibration else None,
            "looks_settled": int(standing.looks_settled[place]),
            "failures_seen": int(standing.failures_seen[place]),
            **_of_hazard(standing, place),
        }
        # A failure that is told settles predictions without a sample.
        origin = f"{last_ms}|{fields['failures_seen']}"
        yield _record(RecordKind.HAZARD_QUALITY, topic, entity, rule.name, origin, fields)


def objective_quality_records(topic: str, model: str, outcome: ObjectiveOutcome) -> Iterator[OutputRecord]:
    """How the predictions of alerts fared of those entities of an objective of which it is to be told."""
    rule, alerts = outcome.rule, outcome.alerts
    for place in np.flatnonzero(outcome.with_quality).tolist():
        entity, last_ms = outcome.entities[place], int(outcome.last_ms[place])
        valid_ms = RECORDS_VALID * max(QUALITY_RECORDS * rule.every_ms, int(outcome.step_ms[place]))
        fields: ObjectiveQualityFields = {
            **_head(RecordKind.OBJECTIVE_QUALITY, model, entity, last_ms, valid_ms),
            "objective": rule.name,
            "within_ms": HOUR_MS,
            "looks_settled": int(alerts.looks_settled[place]),
            "alerts_seen": int(alerts.events_seen[place]),
            **settled(alerts, place),
        }
        yield _record(RecordKind.OBJECTIVE_QUALITY, topic, entity, rule.name, last_ms, fields)


def _head(kind: RecordKind, model: str, entity: str, last_ms: int, valid_ms: int) -> EntityQualityFields:
    return {
        "v": SCHEMA_VERSIONS[kind],
        "kind": kind,
        "entity": entity,
        "labels": dict(entity_labels(entity)),
        "origin_ms": last_ms,
        "last_sample_at_ms": last_ms,
        "expires_at_ms": last_ms + valid_ms,
        "model": model,
    }


def _of_hazard(standing: HazardStanding, place: int) -> HazardSettledFields:
    flags, right = int(standing.flags[place]), int(standing.flags_right[place])
    failures = int(standing.failures_seen[place])
    return {
        "brier": _number(standing.brier[place]),
        "base_brier": _number(standing.base_brier[place]),
        "bin_looks": standing.bin_looks[place],
        "bin_hits": standing.bin_hits[place],
        "bin_p": standing.bin_p[place].astype(np.float32),
        "flags": flags,
        "flags_right": right,
        "leads": standing.leads[place],
        "precision": right / flags if flags else None,
        "recall": right / failures if failures else None,
        "lead_p50_ms": _number(standing.lead_p50_ms[place]),
        "score_looks": standing.score_looks[place],
        "score_hits": standing.score_hits[place],
        "score_max": _number(standing.score_max[place]),
    }


def _record(
    kind: RecordKind, topic: str, entity: str, rule: str, origin: int | str, fields: EntityQualityFields
) -> OutputRecord:
    value = orjson.dumps(fields, option=orjson.OPT_SERIALIZE_NUMPY)
    return entity_record(kind, topic, entity, rule, origin, value)


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
