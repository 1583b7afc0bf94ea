"""Capacity records: when a series reaches its limit, as a distribution.

Beside the common fields (`subject`)::

    {"rule": "memory", "direction": "up", "limit": 64.0, "level": 51.2, "gap": 12.8,
     "p_within_1h": 0.0, "p_within_24h": 0.31, "p_within_7d": 0.97,
     "exhausted_at_p10_ms": ..., "exhausted_at_p50_ms": ..., "exhausted_at_p90_ms": ...,
                                         null: not within `eta_horizon_h` with that probability
     "eta_horizon_h": 240.0, "supported_h": 72.0,    an instant further ahead than the history is long is extrapolation
     "drift_per_h": 0.4, "levels_seen": 49}
"""

from math import isfinite
from typing import Any

import orjson

from models.capacity.bank import CapacityPrediction
from models.capacity.passage import ETA_HORIZON_H
from streams.outputs.subject import Subject, prediction, record_key
from streams.records import OutputRecord
from streams.schema import RecordKind
from streams.settings.rules import CapacityRule

_HOUR_MS = 3_600_000


def capacity_record(
    topic: str,
    subject: Subject,
    model: str,
    rule: CapacityRule,
    limit: float,
    predicted: CapacityPrediction,
    place: int,
) -> OutputRecord:
    """The record of the prediction at `place` among those of a rule."""
    key = record_key(RecordKind.CAPACITY, subject.name, rule.name)
    fields: dict[str, Any] = subject.fields(RecordKind.CAPACITY, model)
    fields |= {
        "rule": rule.name,
        "direction": rule.direction,
        "limit": limit,
        "level": float(predicted.level[place]),
        "gap": float(predicted.gap[place]),
        "p_within_1h": float(predicted.p_within_1h[place]),
        "p_within_24h": float(predicted.p_within_24h[place]),
        "p_within_7d": float(predicted.p_within_7d[place]),
        "exhausted_at_p10_ms": _instant(subject, predicted.eta_p10_h[place]),
        "exhausted_at_p50_ms": _instant(subject, predicted.eta_p50_h[place]),
        "exhausted_at_p90_ms": _instant(subject, predicted.eta_p90_h[place]),
        "eta_horizon_h": ETA_HORIZON_H,
        "supported_h": float(predicted.supported_h[place]),
        "drift_per_h": float(predicted.drift_per_h[place]),
        "levels_seen": int(predicted.levels_seen[place]),
    }
    return prediction(RecordKind.CAPACITY, topic, key, subject.origin_ms, orjson.dumps(fields))


def _instant(subject: Subject, eta_h: float) -> int | None:
    return subject.last_sample_at_ms + round(float(eta_h) * _HOUR_MS) if isfinite(eta_h) else None
