"""Records of each kind as the pipeline makes them, with what a test wants of them."""

from typing import Any

import orjson

from streams.settings.alerting import AlertingSettings
from streams.settings.durations import HOUR_MS, MINUTE_MS
from tests.test_docs import records

NOW_MS = 1_767_870_000_000  # Thu 2026-01-08 11:00 UTC
LIFE_MS = 4 * HOUR_MS


def made(kind: str, **fields: Any) -> dict[str, Any]:
    """A record of a kind, with these fields."""
    record = dict(records()[kind])
    origin_ms = fields.get("origin_ms", NOW_MS)
    common = {"origin_ms": origin_ms, "expires_at_ms": origin_ms + 24 * MINUTE_MS}
    return record | {name: value for name, value in common.items() if name in record} | fields


def capacity(p_6h: float, p_7d: float = 0.9, status: str = "filling", **fields: Any) -> dict[str, Any]:
    chances = {"p_within_1h": p_6h, "p_within_6h": p_6h, "p_within_24h": p_6h, "p_within_7d": p_7d, "p_within_30d": 1.0}
    return made("capacity", **{"status": status, "gap": 25.0} | chances | fields)


def failure(p_1h: float, **fields: Any) -> dict[str, Any]:
    proven = {"brier": 0.1, "base_brier": 0.2, "failures_seen": 3, "looks_settled": 100, "breaking": False}
    chances = {"probability": p_1h, "p_within_15m": p_1h / 2, "p_within_1h": p_1h, "p_within_24h": p_1h}
    return made("failure", **proven | chances | fields)


def anomaly(kind: str, state: str, **fields: Any) -> dict[str, Any]:
    return made("anomaly", anomaly=kind, state=state, found_ms=NOW_MS - MINUTE_MS, start_ms=NOW_MS, **fields)


def incident(status: str, *entities: str, **fields: Any) -> dict[str, Any]:
    [member] = records()["incident"]["members"][:1]
    members = [member | {"entity": entity} for entity in entities]
    usual = {"id": "i-1", "scope": "{}", "predicted": False, "opened_at_ms": NOW_MS - HOUR_MS, "updated_at_ms": NOW_MS}
    return made("incident", **usual | {"status": status, "members": members} | fields)


def value_of(record: dict[str, Any]) -> bytes:
    return orjson.dumps(record)


def settings(**fields: Any) -> AlertingSettings:
    return AlertingSettings.model_validate(fields)
