"""Failure records: how likely a rule is broken soon, with the record of how well such predictions did before.

In short in each prediction, beside the common fields (`subject`)::

    {"rule": "errors", "threshold": 0.05, "side": "above", "for_ms": 300000, "within_ms": 3600000,
     "probability": 0.12,                          that it is broken for `for_ms` in a row within `within_ms`
     "p_within_15m": 0.02 | null, "p_within_1h": 0.12, "p_within_24h": 0.4,   within these; null: a step is longer
     "breaking": false,                            it is broken now: the probability is 1
     "is_prior": false,                            nothing is counted yet: the frequency is a prior
     "forecast_weight": 0.3 | null,                share of the series' own forecast in the probability
     "looks_settled": 250, "failures_seen": 3,     earlier predictions with a known outcome; failures that came
     "brier": 0.02 | null, "base_brier": 0.04 | null,     mean squared error of those, and of their plain frequency
     "precision": 0.8 | null, "recall": 0.5 | null,       of warnings: of a probability of at least a half
     "lead_p50_ms": 480000 | null}                        how long before the failure the right ones began, median

and in full, as counts and sums that add up over series, in records of quality::

    {"rule": "errors", "within_ms": 3600000,
     "looks_settled": 250, "failures_seen": 3, "brier": ..., "base_brier": ...,
     "bin_looks": [200, ...], "bin_hits": [3, ...],       settled predictions by tenths of their probability; hits
     "bin_p": [2.1, ...],                                 and the sum of the probabilities
     "warnings": 4, "warnings_right": 3, "leads": [0, 2, ...],   by size: below 1, 4, 16, ... minutes
     "precision": 0.75, "recall": 0.5, "lead_p50_ms": 480000,
     "horizon_ms": [900000, 3600000, 86400000], "looks_settled_by_horizon": [...],
     "brier_by_horizon": [...], "base_brier_by_horizon": [...]}
"""

from math import isfinite

import numpy as np
import orjson

from models.failure.bank import FailurePrediction
from models.failure.tracks import STANDARD_MS
from streams.contract.records.failures import FailureFields, FailureQualityFields, SettledFields, WarningFields
from streams.outputs.subject import Subject, prediction, record_key
from streams.records import OutputRecord
from streams.schema import RecordKind
from streams.settings.rules import FailureRule


def failure_record(
    topic: str, subject: Subject, model: str, rule: FailureRule, predicted: FailurePrediction, place: int
) -> OutputRecord:
    """The record of the prediction at `place` among those of a rule."""
    threshold = rule.above if rule.above is not None else rule.below
    assert threshold is not None, "the settings ask for one of the two"
    within_15m, within_1h, within_24h = standard_chances(predicted, place, subject.step_ms)
    fields: FailureFields = {
        **subject.fields(RecordKind.FAILURE, model),
        "rule": rule.name,
        "threshold": threshold,
        "side": "above" if rule.above is not None else "below",
        "for_ms": rule.for_ms,
        "within_ms": rule.within_ms,
        "probability": float(predicted.p[place]),
        "p_within_15m": within_15m,
        "p_within_1h": within_1h,
        "p_within_24h": within_24h,
        "breaking": bool(predicted.breaking[place]),
        "is_prior": bool(predicted.is_prior[place]),
        "forecast_weight": _number(predicted.path_weight[place]),
        "looks_settled": int(predicted.looks_settled[place]),
        "failures_seen": int(predicted.events_seen[place]),
        "brier": _number(predicted.brier[place]),
        "base_brier": _number(predicted.base_brier[place]),
        **warned(predicted, place),
    }
    key = record_key(RecordKind.FAILURE, subject.name, rule.name)
    return prediction(RecordKind.FAILURE, topic, key, subject.origin_ms, orjson.dumps(fields))


def failure_quality_record(
    topic: str,
    subject: Subject,
    model: str,
    rule: FailureRule,
    predicted: FailurePrediction,
    place: int,
    expires_at_ms: int,
) -> OutputRecord:
    """The record of how the predictions of a rule fared, which holds for longer than a prediction."""
    fields: FailureQualityFields = {
        **subject.fields(RecordKind.FAILURE_QUALITY, model),
        "expires_at_ms": expires_at_ms,
        "rule": rule.name,
        "within_ms": rule.within_ms,
        "looks_settled": int(predicted.looks_settled[place]),
        "failures_seen": int(predicted.events_seen[place]),
        **settled(predicted, place),
    }
    key = record_key(RecordKind.FAILURE_QUALITY, subject.name, rule.name)
    value = orjson.dumps(fields, option=orjson.OPT_SERIALIZE_NUMPY)
    return prediction(RecordKind.FAILURE_QUALITY, topic, key, subject.origin_ms, value)


def settled(predicted: FailurePrediction, place: int) -> SettledFields:
    """How predictions fared that are settled, in full."""
    return {
        "brier": _number(predicted.brier[place]),
        "base_brier": _number(predicted.base_brier[place]),
        "bin_looks": predicted.bin_looks[place],
        "bin_hits": predicted.bin_hits[place],
        "bin_p": predicted.bin_p[place].astype(np.float32),
        "warnings": int(predicted.warnings[place]),
        "warnings_right": int(predicted.warnings_right[place]),
        "leads": predicted.leads[place],
        **warned(predicted, place),
        "horizon_ms": STANDARD_MS,
        "looks_settled_by_horizon": predicted.settled_standard[place],
        "brier_by_horizon": predicted.brier_standard[place].astype(np.float32),
        "base_brier_by_horizon": predicted.base_brier_standard[place].astype(np.float32),
    }


def standard_chances(predicted: FailurePrediction, place: int, step_ms: int) -> list[float | None]:
    """The probabilities at the standard horizons; of one shorter than a step no sample could tell the outcome."""
    chances = zip(STANDARD_MS, predicted.p_standard[place].tolist(), strict=True)
    return [p if within_ms >= step_ms else None for within_ms, p in chances]


def warned(predicted: FailurePrediction, place: int) -> WarningFields:
    """How the warnings fared, as shares."""
    right, warnings = int(predicted.warnings_right[place]), int(predicted.warnings[place])
    failures = int(predicted.events_seen[place])
    return {
        "precision": right / warnings if warnings else None,
        "recall": right / failures if failures else None,
        "lead_p50_ms": _number(predicted.lead_p50_ms[place]),
    }


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
