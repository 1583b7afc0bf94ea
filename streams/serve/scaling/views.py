"""Decisions and refusals as JSON."""

from typing import Any

from streams.schema import ForecastQuality
from streams.serve.scaling.core.decision import Decision
from streams.serve.scaling.core.desk import Outcome
from streams.serve.scaling.core.refusals import Refusal
from streams.settings.scalers import Scaler

SERIES_SHOWN = 20


def decision_view(decision: Decision) -> dict[str, Any]:
    """A decision; metrics-api of KEDA reads `value`."""
    return {
        "scaler": decision.scaler,
        "value": decision.value,
        "replicas": decision.replicas,
        "quantile": decision.quantile,
        "lead_time_ms": decision.lead_time_ms,
        "at_ms": decision.at_ms,
        "origin_ms": decision.origin_ms,
        "age_ms": decision.age_ms,
        # Others are refused.
        "quality": ForecastQuality.OK,
        "foretold": decision.foretold,
        "at_lead": decision.at_lead,
        "newest": decision.newest,
        "wanted_replicas": decision.wanted,
        "limited_by": list(decision.limited_by),
        "series": list(decision.series[:SERIES_SHOWN]),
        "series_beyond": max(len(decision.series) - SERIES_SHOWN, 0),
        "dry_run": decision.dry_run,
    }


def refusal_view(refusal: Refusal) -> dict[str, Any]:
    """A refusal, without any number that could be taken for an answer."""
    error = {"code": refusal.reason, "message": refusal.message, "parameter": None, "series": refusal.series}
    return {"error": error}


def outcome_view(outcome: Outcome) -> dict[str, Any]:
    """One of the outcomes that are kept: `decision` or `error` is null."""
    if isinstance(outcome.answer, Decision):
        return {"at_ms": outcome.at_ms, "decision": decision_view(outcome.answer), "error": None}
    return {"at_ms": outcome.at_ms, "decision": None} | refusal_view(outcome.answer)


def scaler_view(scaler: Scaler, newest: Outcome | None, counts: dict[str, int]) -> dict[str, Any]:
    """A scaler, what it said last, and how often it said what since the start."""
    return {
        "scaler": scaler.name,
        "output": scaler.output,
        "min_replicas": scaler.min_replicas,
        "max_replicas": scaler.max_replicas,
        "dry_run": scaler.dry_run,
        "newest": None if newest is None else outcome_view(newest),
        "counts": counts,
    }
