"""Objective records: what is left of an error budget, how fast it is spent, and how likely an alert is soon.

They are about an entity and no single series::

    {"v": 1, "kind": "objective", "entity": "{service=\"checkout\"}", "labels": {"service": "checkout"},
     "origin_ms": ..., "last_sample_at_ms": ..., "expires_at_ms": ..., "model": "mixture/2+default-1",
     "objective": "availability", "target_percent": 99.9, "window_ms": 2592000000,
     "events": 1200000.0, "bad_events": 900.0, "budget_left": 0.25,      in the window; a share, below 0: overspent
     "exhausted_at_ms": ... | null,                                      at the burn rate of the first long window
     "alerts": [{"long_ms": 3600000, "short_ms": 300000, "burn_rate": 14.4,
                 "long_burn_rate": 3.2, "short_burn_rate": 5.0, "firing": false}],
     "alerting": false,
     "p_alert_within_15m": 0.02, "p_alert_within_1h": 0.1, "p_alert_within_24h": 0.4,
     "is_prior": false, "looks_settled": 250, "alerts_seen": 3, "brier": 0.02 | null, "base_brier": 0.04 | null,
     "precision": 0.8 | null, "recall": 0.5 | null, "lead_p50_ms": 480000.0 | null}
"""

from collections.abc import Iterator
from math import isfinite

import orjson

from models.failure.error_budget_bank import ErrorBudgetStanding
from streams.contract.records.objectives import AlertFields, AlertRecordFields, BudgetFields, ObjectiveFields
from streams.outputs.entities import entity_labels, entity_record
from streams.outputs.failures import standard_chances, warned
from streams.pipeline.objectives import ObjectiveOutcome
from streams.records import OutputRecord
from streams.schema import SCHEMA_VERSIONS, RecordKind
from streams.settings.objectives import Objective

RECORDS_VALID = 2
"""A record expires when a second one should have taken its place."""


def objective_records(topic: str, model: str, outcome: ObjectiveOutcome) -> Iterator[OutputRecord]:
    """The records of an objective."""
    for place, entity in enumerate(outcome.entities):
        fields = _fields(model, outcome, place, entity)
        yield entity_record(
            RecordKind.OBJECTIVE, topic, entity, outcome.rule.name, fields["origin_ms"], orjson.dumps(fields)
        )


def _fields(model: str, outcome: ObjectiveOutcome, place: int, entity: str) -> ObjectiveFields:
    rule, last_ms = outcome.rule, int(outcome.last_ms[place])
    return {
        "v": SCHEMA_VERSIONS[RecordKind.OBJECTIVE],
        "kind": RecordKind.OBJECTIVE,
        "entity": entity,
        "labels": dict(entity_labels(entity)),
        "origin_ms": last_ms,
        "last_sample_at_ms": last_ms,
        "expires_at_ms": last_ms + RECORDS_VALID * outcome.every_ms(place),
        "model": model,
        "objective": rule.name,
        "target_percent": rule.target,
        "window_ms": rule.window_ms,
        **_budget(outcome, place, last_ms),
        "alerts": list(_alerts(rule, outcome.standing, place)),
        "alerting": bool(outcome.alerts.breaking[place]),
        **_chances(outcome, place),
    }


def _budget(outcome: ObjectiveOutcome, place: int, last_ms: int) -> BudgetFields:
    standing = outcome.standing
    in_ms = float(standing.exhausted_in_ms[place])
    return {
        "events": float(standing.every[place]),
        "bad_events": float(standing.bad[place]),
        "budget_left": float(standing.left[place]),
        # Later than its window the budget is another one.
        "exhausted_at_ms": last_ms + round(in_ms) if in_ms <= outcome.rule.window_ms else None,
    }


def _alerts(rule: Objective, standing: ErrorBudgetStanding, place: int) -> Iterator[AlertFields]:
    rates = zip(rule.alerts, standing.long_rates[place].tolist(), standing.short_rates[place].tolist(), strict=True)
    for alert, long_rate, short_rate in rates:
        yield {
            "long_ms": alert.long_ms,
            "short_ms": alert.short_ms,
            "burn_rate": alert.burn_rate,
            "long_burn_rate": long_rate,
            "short_burn_rate": short_rate,
            "firing": min(long_rate, short_rate) > alert.burn_rate,
        }


def _chances(outcome: ObjectiveOutcome, place: int) -> AlertRecordFields:
    alerts = outcome.alerts
    within_15m, within_1h, within_24h = standard_chances(alerts, place, int(outcome.step_ms[place]))
    return {
        "p_alert_within_15m": within_15m,
        "p_alert_within_1h": within_1h,
        "p_alert_within_24h": within_24h,
        "is_prior": bool(alerts.is_prior[place]),
        "looks_settled": int(alerts.looks_settled[place]),
        "alerts_seen": int(alerts.events_seen[place]),
        "brier": _number(alerts.brier[place]),
        "base_brier": _number(alerts.base_brier[place]),
        **warned(alerts, place),
    }


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
