"""Capacity records: how likely and when a series reaches its limit, and how such predictions fared before.

Beside the common fields (`subject`)::

    {"rule": "memory", "direction": "up", "limit": 64.0, "level": 51.2, "gap": 12.8,
     "status": "filling",                it has hysteresis: one of models.capacity.status.STATUSES
     "urgency": 0.36,                    to rank by: the mean of the five probabilities
     "p_within_1h": 0.0, "p_within_6h": 0.01, "p_within_24h": 0.31, "p_within_7d": 0.72, "p_within_30d": 0.8,
     "exhausted_at_p10_ms": ..., "exhausted_at_p50_ms": ..., "exhausted_at_p90_ms": ...,
                                         null: not within `eta_horizon_h` with that probability
     "eta_horizon_h": 720.0, "supported_h": 72.0,
     "eta_supported": true,              the median, or the horizon, is no further ahead than the history is long
     "drift_per_h": 0.4, "levels_seen": 49,
     "horizons_h": [1.0, 6.0, 24.0, 168.0, 720.0],      and of each of them:
     "experts": ["walk", "walk", "maxima", ...],        who leads; predictions settled, and their mean squared error,
     "looks_settled": [70, 65, ...], "brier": [0.01, null, ...], "base_brier": [0.02, ...]}      and their frequency's
"""

from math import isfinite

import numpy as np
import orjson

from models.capacity.bank import CapacityPrediction
from models.capacity.horizons import ETA_HORIZON_H, HOURS
from models.capacity.looks import EXPERTS
from models.capacity.status import STATUSES
from streams.contract.records.capacity import CapacityFields
from streams.outputs.subject import Subject, prediction, record_key
from streams.records import OutputRecord
from streams.schema import RecordKind
from streams.settings.rules import CapacityRule

_HOUR_MS = 3_600_000

assert HOURS.tolist() == [1.0, 6.0, 24.0, 7 * 24.0, 30 * 24.0], "the fields are named after them"

_MEDIAN = 1


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
    within = predicted.within[place].tolist()
    within_1h, within_6h, within_24h, within_7d, within_30d = within
    p10_ms, p50_ms, p90_ms = [_instant(subject, eta_h) for eta_h in predicted.eta_h[place].tolist()]
    supported_h = float(predicted.supported_h[place])
    fields: CapacityFields = {
        **subject.fields(RecordKind.CAPACITY, model),
        "rule": rule.name,
        "direction": rule.direction,
        "limit": limit,
        "level": float(predicted.level[place]),
        "gap": float(predicted.gap[place]),
        "status": STATUSES[predicted.status[place]],
        "urgency": sum(within) / len(within),
        "p_within_1h": within_1h,
        "p_within_6h": within_6h,
        "p_within_24h": within_24h,
        "p_within_7d": within_7d,
        "p_within_30d": within_30d,
        "exhausted_at_p10_ms": p10_ms,
        "exhausted_at_p50_ms": p50_ms,
        "exhausted_at_p90_ms": p90_ms,
        "eta_horizon_h": ETA_HORIZON_H,
        "supported_h": supported_h,
        "eta_supported": bool(min(predicted.eta_h[place, _MEDIAN], ETA_HORIZON_H) <= supported_h),
        "drift_per_h": float(predicted.drift_per_h[place]),
        "levels_seen": int(predicted.levels_seen[place]),
        "horizons_h": HOURS.tolist(),
        "experts": [EXPERTS[leader] for leader in predicted.leader[place].tolist()],
        "looks_settled": predicted.looks_settled[place].tolist(),
        "brier": _scores(predicted.brier[place]),
        "base_brier": _scores(predicted.base_brier[place]),
    }
    return prediction(RecordKind.CAPACITY, topic, key, subject.origin_ms, orjson.dumps(fields))


def _instant(subject: Subject, eta_h: float) -> int | None:
    return subject.last_sample_at_ms + round(eta_h * _HOUR_MS) if isfinite(eta_h) else None


def _scores(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float | None]:
    return [value if isfinite(value) else None for value in values.tolist()]
