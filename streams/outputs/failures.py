"""Failure records: how likely a rule is broken soon, with the record of how well such predictions did before.

Beside the common fields (`subject`)::

    {"rule": "errors", "threshold": 0.05, "side": "above", "for_ms": 300000, "within_ms": 3600000,
     "probability": 0.12,                          that it is broken for `for_ms` in a row within `within_ms`
     "breaking": false,                            it is broken now: the probability is 1
     "is_prior": false,                            nothing is settled yet: the probability is a prior
     "looks_settled": 250, "failures_seen": 3,     earlier predictions with a known outcome; failures that came
     "brier": 0.02 | null, "base_brier": 0.04 | null}     mean squared error of those, and of their plain frequency
"""

from math import isfinite

import orjson

from models.failure.bank import FailurePrediction
from streams.outputs.subject import Subject, prediction, record_key
from streams.records import OutputRecord
from streams.schema import RecordKind
from streams.settings.rules import FailureRule


def failure_record(
    topic: str, subject: Subject, model: str, rule: FailureRule, predicted: FailurePrediction, place: int
) -> OutputRecord:
    """The record of the prediction at `place` among those of a rule."""
    fields = subject.fields(RecordKind.FAILURE, model)
    fields |= {
        "rule": rule.name,
        "threshold": rule.above if rule.above is not None else rule.below,
        "side": "above" if rule.above is not None else "below",
        "for_ms": rule.for_ms,
        "within_ms": rule.within_ms,
        "probability": float(predicted.p[place]),
        "breaking": bool(predicted.breaking[place]),
        "is_prior": bool(predicted.is_prior[place]),
        "looks_settled": int(predicted.looks_settled[place]),
        "failures_seen": int(predicted.events_seen[place]),
        "brier": _number(predicted.brier[place]),
        "base_brier": _number(predicted.base_brier[place]),
    }
    key = record_key(RecordKind.FAILURE, subject.name, rule.name)
    return prediction(RecordKind.FAILURE, topic, key, subject.origin_ms, orjson.dumps(fields))


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
