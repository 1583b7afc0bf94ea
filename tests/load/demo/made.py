"""Predictions for tests: a plain one, and what the test wants different."""

from dataclasses import replace
from typing import Any

import orjson

from load.demo.predictions import Capacity, Failure
from load.generate.spec import HOUR_MS, MINUTE_MS
from streams.schema import RecordKind

NOW_MS = 1_767_830_400_000  # Thu 2026-01-08T00:00:00Z.
GIB = float(1 << 30)

_CAPACITY = Capacity(
    entity="host-02/vol-02",
    metric="volume_used_bytes",
    direction="up",
    level=186 * GIB,
    limit=200 * GIB,
    gap=14 * GIB,
    p_24h=0.97,
    p_7d=1.0,
    p10_ms=NOW_MS + 12 * HOUR_MS,
    p50_ms=NOW_MS + 14 * HOUR_MS,
    p90_ms=NOW_MS + 16 * HOUR_MS,
    eta_horizon_h=240.0,
    made_at_ms=NOW_MS,
    expires_at_ms=NOW_MS + 24 * MINUTE_MS,
)

_FAILURE = Failure(
    entity="checkout",
    metric="error_rate",
    side="above",
    threshold=0.05,
    for_ms=5 * MINUTE_MS,
    within_ms=HOUR_MS,
    probability=0.41,
    breaking=False,
    looks_settled=1152,
    failures_seen=12,
    brier=0.12,
    base_brier=0.17,
    made_at_ms=NOW_MS,
    expires_at_ms=NOW_MS + 24 * MINUTE_MS,
)


def capacity(**fields: Any) -> Capacity:
    return replace(_CAPACITY, **fields)


def failure(**fields: Any) -> Failure:
    return replace(_FAILURE, **fields)


def record(kind: RecordKind, entity: str = '{host="a"}', at_ms: int = NOW_MS, **fields: Any) -> bytes:
    """A record's value as it is on its topic."""
    common = {
        "kind": kind,
        "entity": entity,
        "metric": "m",
        "last_sample_at_ms": at_ms,
        "expires_at_ms": at_ms + 24 * MINUTE_MS,
    }
    return orjson.dumps(common | _OWN_FIELDS[kind] | fields)


_OWN_FIELDS: dict[RecordKind, dict[str, Any]] = {
    RecordKind.FORECAST: {},
    RecordKind.REJECT: {"rows": 1},
    RecordKind.QUALITY: {"quality": "ok"},
    RecordKind.INCIDENT: {
        "members": [{"entity": '{host="a"}'}, {"entity": '{host="b"}'}],
        "status": "open",
        "predicted": False,
        "opened_at_ms": NOW_MS,
        "closed_at_ms": None,
    },
    RecordKind.ANOMALY: {
        "anomaly": "value",
        "state": "open",
        "score": 0.9,
        "value": 7.0,
        "expected_low": 1.0,
        "expected_high": 2.0,
        "found_ms": NOW_MS,
    },
    RecordKind.CAPACITY: {
        "direction": "up",
        "level": 1.0,
        "limit": 2.0,
        "gap": 1.0,
        "p_within_24h": 0.5,
        "p_within_7d": 0.9,
        "exhausted_at_p10_ms": None,
        "exhausted_at_p50_ms": None,
        "exhausted_at_p90_ms": None,
        "eta_horizon_h": 240.0,
    },
    RecordKind.FAILURE: {
        "side": "above",
        "threshold": 0.05,
        "for_ms": 300_000,
        "within_ms": 3_600_000,
        "probability": 0.2,
        "breaking": False,
        "looks_settled": 0,
        "failures_seen": 0,
        "brier": None,
        "base_brier": None,
    },
}
