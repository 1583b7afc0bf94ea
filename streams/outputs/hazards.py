"""Hazard records: how likely an entity fails soon, why, and how such predictions fared.

They are about an entity and no single series::

    {"v": 1, "kind": "hazard", "entity": "{host=\"a\"}", "labels": {"host": "a"},
     "origin_ms": ..., "last_sample_at_ms": ..., "expires_at_ms": ..., "model": "mixture/2+default-1",
     "hazard": "disk", "within_ms": 604800000,
     "probability": 0.12,                     that it fails within `within_ms`
     "failing": false,                        a failure of it is reported and not over: the probability is 1
     "is_prior": false,                       no failure of the fleet is counted: the probability is a prior
     "calibration": "fleet-1a2b3c4d" | null,  the counts that it comes from
     "score": 4.2,
     "flagged": true | null, "threshold": 3.1 | null, "flag_budget": 0.025, "flagged_since_ms": ... | null,
     "drivers": [{"text": "smart_5_raw grew by 3 in 5 days", "series": "...", "sign": "rise", "share": 3.1}],
     "looks_settled": 12, "failures_seen": 0, "brier": 0.0004 | null, "base_brier": 0.0003 | null,
     "bin_looks": [12, ...], "bin_hits": [0, ...], "bin_p": [0.2, ...],   settled ones by tenths of their probability
     "flags": 1, "flags_right": 0, "lead_p50_ms": null}
"""

from collections.abc import Iterator
from math import isfinite

import numpy as np
import orjson

from models.failure.episodes import NONE
from streams.contract.records.hazards import DriverFields, HazardFields, HazardRecordFields
from streams.outputs.drivers import driver_text
from streams.outputs.entities import entity_labels, entity_record
from streams.pipeline.hazards import HazardOutcome
from streams.pipeline.sign_shares import Driver
from streams.records import OutputRecord
from streams.schema import SCHEMA_VERSIONS, RecordKind

ROUNDS_VALID = 2
"""A prediction expires when a second one should have taken its place."""


def hazard_records(topic: str, model: str, outcome: HazardOutcome) -> Iterator[OutputRecord]:
    """The records of a hazard's predictions."""
    kind = RecordKind.HAZARD
    for place, entity in enumerate(outcome.entities):
        fields = _fields(model, outcome, place, entity)
        value = orjson.dumps(fields, option=orjson.OPT_SERIALIZE_NUMPY)
        # A failure that is told settles predictions in between two rounds.
        origin = f"{fields['origin_ms']}|{fields['failures_seen']}"
        yield entity_record(kind, topic, entity, outcome.rule.name, origin, value)


def _fields(model: str, outcome: HazardOutcome, place: int, entity: str) -> HazardFields:
    rule, calibration = outcome.rule, outcome.calibration
    last_ms = int(outcome.last_ms[place])
    return {
        "v": SCHEMA_VERSIONS[RecordKind.HAZARD],
        "kind": RecordKind.HAZARD,
        "entity": entity,
        "labels": dict(entity_labels(entity)),
        "origin_ms": last_ms // rule.every_ms * rule.every_ms,
        "last_sample_at_ms": last_ms,
        "expires_at_ms": (last_ms // rule.every_ms + ROUNDS_VALID) * rule.every_ms,
        "model": model,
        "hazard": rule.name,
        "within_ms": rule.within_ms,
        "probability": float(outcome.p[place]),
        "failing": bool(outcome.standing.failing[place]),
        "is_prior": calibration.is_prior,
        "calibration": rule.calibration.name if rule.calibration else None,
        "score": float(outcome.score[place]),
        "flagged": None if calibration.threshold is None else bool(outcome.stands_out[place]),
        "threshold": calibration.threshold,
        "flag_budget": rule.flag_budget,
        "flagged_since_ms": _since(outcome.standing.flagged_ms[place]),
        "drivers": [_driver(driver) for driver in outcome.drivers[place]],
        **_record(outcome, place),
    }


def _record(outcome: HazardOutcome, place: int) -> HazardRecordFields:
    """How earlier predictions of the entity fared."""
    standing = outcome.standing
    return {
        "looks_settled": int(standing.looks_settled[place]),
        "failures_seen": int(standing.failures_seen[place]),
        "brier": _number(standing.brier[place]),
        "base_brier": _number(standing.base_brier[place]),
        "bin_looks": standing.bin_looks[place],
        "bin_hits": standing.bin_hits[place],
        "bin_p": standing.bin_p[place].astype(np.float32),
        "flags": int(standing.flags[place]),
        "flags_right": int(standing.flags_right[place]),
        "lead_p50_ms": _number(standing.lead_p50_ms[place]),
    }


def _driver(driver: Driver) -> DriverFields:
    return {"text": driver_text(driver), "series": driver.series, "sign": driver.sign, "share": driver.share}


def _since(flagged_ms: int) -> int | None:
    return None if flagged_ms == NONE else int(flagged_ms)


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
