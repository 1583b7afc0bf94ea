"""How grave a prediction is: the scale that lists are ordered by, and that the page has its colours from.

It is not the severity of an alert, which says what somebody is to do, and is damped.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from math import fsum
from types import MappingProxyType
from typing import Any

from streams.schema import RecordKind
from streams.settings.durations import HOUR_MS

Fields = Mapping[str, Any]


class Severity(IntEnum):
    """In ascending order: nothing likely, likely within days, likely within the rule's own time, has happened."""

    CALM = 0
    COMING = 1
    SOON = 2
    NOW = 3

    @property
    def word(self) -> str:
        """As answers have it."""
        return self.name.lower()


LIKELY = 0.5
"""More likely than not; a capacity's status is entered at the same."""

NEW_H = 25.0
"""A capacity's status waits for a day of history, and then for the end of an hour."""

SPANS_H = (1.0, 6.0, 24.0, 168.0, 720.0)
"""Those of a capacity prediction, whose `urgency` is the mean of its probabilities."""

_OF_STATUS = MappingProxyType(
    {
        "exhausted": Severity.NOW,
        "imminent": Severity.SOON,
        "filling": Severity.COMING,
        "ok": Severity.CALM,
    }
)

_URGENCY_MAX = 1.0


def severity_of(fields: Fields) -> Severity:
    """The severity of a capacity prediction, a failure, a hazard or an objective.

    Raises
    ------
    KeyError, TypeError
        If the record is none of these.
    """
    return _SEVERITY[RecordKind(fields["kind"])](fields)


def urgency_of(fields: Fields) -> float:
    """From 0 to 1: what orders predictions of the same severity, whatever their kinds."""
    if fields["kind"] == RecordKind.CAPACITY:
        return float(fields["urgency"])
    chances = _chances(fields)
    # What happens within a span happens within every longer one, so of a span that a record does not speak of
    # its probability for a shorter one is the least that can be said.
    within = [max([p for hours, p in chances if hours <= span_h], default=0.0) for span_h in SPANS_H]
    return fsum(within) / len(within)


def rank_of(fields: Fields) -> float:
    """The lowest comes first: by severity, then by urgency."""
    return -(2.0 * _URGENCY_MAX * severity_of(fields) + urgency_of(fields))


def _of_capacity(fields: Fields) -> Severity:
    by_status = _OF_STATUS[fields["status"]]
    if by_status is not Severity.CALM or fields["supported_h"] >= NEW_H:
        return by_status
    if fields["p_within_24h"] >= LIKELY:
        return Severity.SOON
    return Severity.COMING if fields["p_within_7d"] >= LIKELY else Severity.CALM


def _of_failure(fields: Fields) -> Severity:
    if fields["breaking"]:
        return Severity.NOW
    if fields["probability"] >= LIKELY:
        return Severity.SOON
    return Severity.COMING if _known(fields["p_within_24h"]) >= LIKELY else Severity.CALM


def _of_hazard(fields: Fields) -> Severity:
    if fields["failing"]:
        return Severity.NOW
    return Severity.SOON if fields["probability"] >= LIKELY else Severity.CALM


def _of_objective(fields: Fields) -> Severity:
    if fields["alerting"]:
        return Severity.NOW
    if _known(fields["p_alert_within_1h"]) >= LIKELY:
        return Severity.SOON
    is_coming = _known(fields["p_alert_within_24h"]) >= LIKELY or fields["budget_left"] <= 0.0
    return Severity.COMING if is_coming else Severity.CALM


_SEVERITY: Mapping[RecordKind, Callable[[Fields], Severity]] = MappingProxyType(
    {
        RecordKind.CAPACITY: _of_capacity,
        RecordKind.FAILURE: _of_failure,
        RecordKind.HAZARD: _of_hazard,
        RecordKind.OBJECTIVE: _of_objective,
    }
)


def _known(p: float | None) -> float:
    return 0.0 if p is None else p


def _chances(fields: Fields) -> Sequence[tuple[float, float]]:
    """Spans in hours and the probabilities within them."""
    if fields["kind"] == RecordKind.OBJECTIVE:
        chances = [(1.0, fields["p_alert_within_1h"]), (24.0, fields["p_alert_within_24h"])]
    else:
        chances = [(fields["within_ms"] / HOUR_MS, fields["probability"])]
    if fields["kind"] == RecordKind.FAILURE:
        chances += [(1.0, fields["p_within_1h"]), (24.0, fields["p_within_24h"])]
    return [(hours, p) for hours, p in chances if p is not None]
