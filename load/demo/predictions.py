"""Prediction records as the demo shows them: the fields it needs, read from their JSON."""

from dataclasses import dataclass
from typing import Any

from streams.schema import AnomalyKind, EpisodeState
from streams.series import parse_series


@dataclass(frozen=True, slots=True)
class Capacity:
    """When a series reaches its limit; an instant is None where it is not within `eta_horizon_h`."""

    entity: str
    metric: str
    direction: str
    level: float
    limit: float
    gap: float
    p_24h: float
    p_7d: float
    p10_ms: int | None
    p50_ms: int | None
    p90_ms: int | None
    eta_horizon_h: float
    made_at_ms: int
    expires_at_ms: int


@dataclass(frozen=True, slots=True)
class Failure:
    """How likely a rule is broken within its time, and how such predictions fared before."""

    entity: str
    metric: str
    side: str
    threshold: float
    for_ms: int
    within_ms: int
    probability: float
    breaking: bool
    looks_settled: int
    failures_seen: int
    brier: float | None
    base_brier: float | None
    made_at_ms: int
    expires_at_ms: int


@dataclass(frozen=True, slots=True)
class Incident:
    """Entities that were struck together, the likeliest cause first."""

    cause: str
    others: tuple[str, ...]
    is_open: bool
    is_predicted: bool
    opened_ms: int
    closed_ms: int | None


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something strange about a series; what was expected is None where it is not known."""

    entity: str
    metric: str
    kind: AnomalyKind
    is_open: bool
    score: float
    value: float | None
    expected_low: float | None
    expected_high: float | None
    found_ms: int


def capacity_of(fields: dict[str, Any]) -> Capacity:
    """Read a capacity record."""
    return Capacity(
        entity=entity_name(fields["entity"]),
        metric=fields["metric"],
        direction=fields["direction"],
        level=fields["level"],
        limit=fields["limit"],
        gap=fields["gap"],
        p_24h=fields["p_within_24h"],
        p_7d=fields["p_within_7d"],
        p10_ms=fields["exhausted_at_p10_ms"],
        p50_ms=fields["exhausted_at_p50_ms"],
        p90_ms=fields["exhausted_at_p90_ms"],
        eta_horizon_h=fields["eta_horizon_h"],
        made_at_ms=fields["last_sample_at_ms"],
        expires_at_ms=fields["expires_at_ms"],
    )


def failure_of(fields: dict[str, Any]) -> Failure:
    """Read a failure record."""
    return Failure(
        entity=entity_name(fields["entity"]),
        metric=fields["metric"],
        side=fields["side"],
        threshold=fields["threshold"],
        for_ms=fields["for_ms"],
        within_ms=fields["within_ms"],
        probability=fields["probability"],
        breaking=fields["breaking"],
        looks_settled=fields["looks_settled"],
        failures_seen=fields["failures_seen"],
        brier=fields["brier"],
        base_brier=fields["base_brier"],
        made_at_ms=fields["last_sample_at_ms"],
        expires_at_ms=fields["expires_at_ms"],
    )


def incident_of(fields: dict[str, Any]) -> Incident:
    """Read an incident record."""
    cause, *others = [entity_name(member["entity"]) for member in fields["members"]]
    return Incident(
        cause=cause,
        others=tuple(others),
        is_open=fields["status"] != "closed",
        is_predicted=fields["predicted"],
        opened_ms=fields["opened_at_ms"],
        closed_ms=fields["closed_at_ms"],
    )


def anomaly_of(fields: dict[str, Any]) -> Anomaly:
    """Read an anomaly record."""
    return Anomaly(
        entity=entity_name(fields["entity"]),
        metric=fields["metric"],
        kind=AnomalyKind(fields["anomaly"]),
        is_open=fields["state"] == EpisodeState.OPEN,
        score=fields["score"],
        value=fields["value"],
        expected_low=fields["expected_low"],
        expected_high=fields["expected_high"],
        found_ms=fields["found_ms"],
    )


def entity_name(entity: str) -> str:
    """An entity without the names of its labels: ``{host="a",volume="b"}`` is ``a/b``."""
    return "/".join([value for _, value in parse_series(entity).labels])
