"""What the board reads out of a record: what it is about, when it was made, and where it stands in its list.

Every prediction, hazard, objective and incident has one of the lists; the newest record of a key is in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from types import MappingProxyType
from typing import Any

from streams.schema import RecordKind
from streams.serve.board.severity import Severity, rank_of, severity_of

NEVER_MS = 2**62
"""The expiry of what does not expire."""

INSTANT_MS_MAX = 2**53
"""Whole numbers beyond it are not the same in every JSON reader; it is far after any time."""


class ListName(StrEnum):
    """The lists of the board."""

    FORECASTS = "forecasts"
    QUALITY = "quality"
    RULE_QUALITY = "rule_quality"
    CAPACITY = "capacity"
    FAILURES = "failures"
    ANOMALIES = "anomalies"
    INCIDENTS = "incidents"


LIST_OF = MappingProxyType(
    {
        RecordKind.FORECAST: ListName.FORECASTS,
        RecordKind.QUALITY: ListName.QUALITY,
        RecordKind.FAILURE_QUALITY: ListName.RULE_QUALITY,
        RecordKind.HAZARD_QUALITY: ListName.RULE_QUALITY,
        RecordKind.OBJECTIVE_QUALITY: ListName.RULE_QUALITY,
        RecordKind.CAPACITY: ListName.CAPACITY,
        RecordKind.FAILURE: ListName.FAILURES,
        RecordKind.HAZARD: ListName.FAILURES,
        RecordKind.OBJECTIVE: ListName.FAILURES,
        RecordKind.ANOMALY: ListName.ANOMALIES,
        RecordKind.INCIDENT: ListName.INCIDENTS,
    }
)

OF_ENTITIES = frozenset(
    {RecordKind.HAZARD, RecordKind.HAZARD_QUALITY, RecordKind.OBJECTIVE, RecordKind.OBJECTIVE_QUALITY}
)
"""The kinds whose records are about an entity and no single series."""

BY_SEVERITY = (RecordKind.CAPACITY, RecordKind.FAILURE, RecordKind.HAZARD, RecordKind.OBJECTIVE)
"""The kinds that are ordered by how grave they are."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What a list keeps of a record beside its bytes.

    Attributes
    ----------
    subject
        The series or entity that it is about; None: it is about several.
    origin_ms
        A record of the same key with an older one is no news.
    rank
        The lowest comes first.
    severity
        Of capacity predictions and failures; CALM of all else.
    state, rule
        What lists can be cut down to; empty where there is none.
    """

    kind: RecordKind
    subject: str | None
    origin_ms: int
    expires_at_ms: int
    reached_ms: int
    rank: float
    severity: Severity
    state: str
    rule: str


def gist_of(fields: dict[str, Any]) -> Gist:
    """Read a record.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is none of ours.
    """
    kind = RecordKind(fields["kind"])
    origin_ms = instant_of(fields["updated_at_ms" if kind is RecordKind.INCIDENT else "origin_ms"])
    expires_at_ms = NEVER_MS if kind in _WITHOUT_EXPIRY else instant_of(fields["expires_at_ms"])
    reached_ms = origin_ms if kind is RecordKind.INCIDENT else instant_of(fields["last_sample_at_ms"])
    return Gist(
        kind=kind,
        subject=_subject(kind, fields),
        origin_ms=origin_ms,
        expires_at_ms=expires_at_ms,
        reached_ms=reached_ms,
        rank=float(_RANK[kind](fields)),
        severity=severity_of(fields) if kind in BY_SEVERITY else Severity.CALM,
        state=_text(fields[_STATE[kind]]) if kind in _STATE else "",
        rule=_text(fields[_RULE[kind]]) if kind in _RULE else "",
    )


def instant_of(value: object) -> int:
    """A time in milliseconds, which must be a whole number that can be one."""
    if type(value) is not int or abs(value) > INSTANT_MS_MAX:
        raise ValueError(f"{value!r:.40} is no time in milliseconds")
    return value


def is_constant(quality: Mapping[str, Any]) -> bool:
    """Whether a record of quality is about a series that leaves nothing to foresee: seasonal naive was always right."""
    losses = [loss for loss in quality["naive_loss_by_horizon"] if loss is not None]
    return quality["skill"] == 0.0 and bool(losses) and max(losses) == 0.0


def _rank_of_quality(quality: Mapping[str, Any]) -> float:
    if quality["skill"] is None:
        return inf
    return _RANK_OF_CONSTANT if is_constant(quality) else float(quality["skill"])


# A skill is 1 at most: after all that can be judged, before what can't be yet.
_RANK_OF_CONSTANT = 2.0

# An anomaly expires when it closes, and an incident never: both are what was, too.
_WITHOUT_EXPIRY = (RecordKind.ANOMALY, RecordKind.INCIDENT)
_RANK: dict[RecordKind, Callable[[dict[str, Any]], float]] = {
    RecordKind.FORECAST: lambda _: 0.0,
    RecordKind.QUALITY: _rank_of_quality,
    RecordKind.FAILURE_QUALITY: lambda _: 0.0,
    RecordKind.HAZARD_QUALITY: lambda _: 0.0,
    RecordKind.OBJECTIVE_QUALITY: lambda _: 0.0,
    **dict.fromkeys(BY_SEVERITY, rank_of),
    RecordKind.ANOMALY: lambda fields: -fields["found_ms"],
    RecordKind.INCIDENT: lambda fields: -fields["opened_at_ms"],
}
_STATE = {
    RecordKind.FORECAST: "quality",
    RecordKind.QUALITY: "quality",
    RecordKind.CAPACITY: "status",
    RecordKind.ANOMALY: "state",
    RecordKind.INCIDENT: "status",
}
_RULE = {
    RecordKind.CAPACITY: "rule",
    RecordKind.FAILURE: "rule",
    RecordKind.FAILURE_QUALITY: "rule",
    RecordKind.HAZARD: "hazard",
    RecordKind.HAZARD_QUALITY: "hazard",
    RecordKind.OBJECTIVE: "objective",
    RecordKind.OBJECTIVE_QUALITY: "objective",
    RecordKind.ANOMALY: "anomaly",
}


def _subject(kind: RecordKind, fields: dict[str, Any]) -> str | None:
    if kind is RecordKind.INCIDENT:
        return None
    return _text(fields["entity" if kind in OF_ENTITIES else "series"])


def _text(value: object) -> str:
    if type(value) is not str:
        raise ValueError(f"{value!r:.40} is no text")
    return value
