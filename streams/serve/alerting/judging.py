"""Records to findings: how urgent what a record says is, by the settings. One function for each kind."""

from collections.abc import Callable, Mapping
from typing import Any

from streams.schema import EpisodeState, RecordKind
from streams.serve.alerting.finding import Finding, Record
from streams.serve.alerting.severity import Severity, severity_of
from streams.settings.alerting import AlertingSettings, AlertKind
from streams.settings.durations import HOUR_MS

_CAPACITY_FIELDS = ("p_within_1h", "p_within_6h", "p_within_24h", "p_within_7d", "p_within_30d")
_CAPACITY_HOURS = (1, 6, 24, 168, 720)
_CAPACITY_FIELD_OF = {hours * HOUR_MS: name for hours, name in zip(_CAPACITY_HOURS, _CAPACITY_FIELDS, strict=True)}
_FAILURE_FIELD_OF = {HOUR_MS // 4: "p_within_15m", HOUR_MS: "p_within_1h", 24 * HOUR_MS: "p_within_24h"}

INCIDENT_OUTLIVES_MS = HOUR_MS
"""A record of an incident that says open is believed for so long after the incident's longest life."""

Rungs = list[tuple[Severity, int | None, float]]
"""Severities with the span and the probability that they ask for; a span of None is never reached."""


class Judge:
    """What records mean under these settings."""

    def __init__(self, settings: AlertingSettings, incident_life_ms: int) -> None:
        self._settings = settings
        self._incident_life_ms = incident_life_ms
        self._of_kind: Mapping[str, Callable[[str, Record], Finding]] = {
            RecordKind.CAPACITY: self._capacity,
            RecordKind.FAILURE: self._failure,
            RecordKind.HAZARD: self._hazard,
            RecordKind.OBJECTIVE: self._objective,
            RecordKind.ANOMALY: self._anomaly,
            RecordKind.INCIDENT: self._incident,
        }

    def finding(self, key: str, record: Record) -> Finding | None:
        """What a record says; None of kinds that never alert, such as forecasts."""
        judge = self._of_kind.get(record["kind"])
        return None if judge is None else judge(key, record)

    def _capacity(self, key: str, record: Record) -> Finding:
        of = self._settings.capacity
        rungs: Rungs = [
            (Severity.PAGE, of.page_within_ms, of.page_probability),
            (Severity.TICKET, of.ticket_within_ms, of.ticket_probability),
        ]
        enter = stay = Severity.NONE
        # The status waits for a day of history and does not flap: what it calls ok alerts nobody.
        if record["status"] != "ok":
            chances = {within_ms: record[field] for within_ms, field in _CAPACITY_FIELD_OF.items()}
            if record["status"] == "exhausted":
                chances = dict.fromkeys(chances, 1.0)
            enter, stay = self._by_probability(rungs, chances)
        return self._of_series(key, record, enter, stay)

    def _failure(self, key: str, record: Record) -> Finding:
        of = self._settings.failures
        rungs: Rungs = [
            (Severity.PAGE, of.page_within_ms, of.page_probability),
            (Severity.TICKET, of.ticket_within_ms, of.ticket_probability),
        ]
        if record["breaking"]:
            enter = stay = severity_of(of.breaking)
        else:
            chances = {within_ms: record[field] or 0.0 for within_ms, field in _FAILURE_FIELD_OF.items()}
            enter, stay = self._by_probability(rungs, chances)
            # Only an alert's beginning asks for the record: a score that wavers about the base rate ends none.
            if of.proven and not is_proven(record):
                enter = Severity.NONE
        return self._of_series(key, record, enter, stay)

    def _hazard(self, key: str, record: Record) -> Finding:
        severity = severity_of(self._settings.hazards) if record["flagged"] else Severity.NONE
        since_ms = record["flagged_since_ms"]
        return Finding(
            "hazard", key, record["origin_ms"], severity, severity, record["expires_at_ms"],
            record["entity"], record, since_ms=since_ms,
        )  # fmt: skip

    def _objective(self, key: str, record: Record) -> Finding:
        of = self._settings.objectives
        rates = [alert["burn_rate"] for alert in record["alerts"] if alert["firing"]]
        severity = Severity.NONE
        if rates:
            severity = Severity.PAGE if max(rates) >= of.page_burn_rate else severity_of(of.slower)
        return Finding(
            "objective", key, record["origin_ms"], severity, severity, record["expires_at_ms"], record["entity"], record
        )

    def _anomaly(self, key: str, record: Record) -> Finding:
        is_over = record["state"] == EpisodeState.CLOSED
        told = getattr(self._settings.anomalies, record["anomaly"])
        severity = Severity.NONE if is_over else severity_of(told)
        return Finding(
            "anomaly", key, record["origin_ms"], severity, severity, record["expires_at_ms"],
            record["entity"], record, since_ms=record["found_ms"], is_over=is_over, suppressed=record["suppressed"],
        )  # fmt: skip

    def _incident(self, key: str, record: Record) -> Finding:
        of = self._settings.incidents
        is_over = record["status"] == "closed"
        told = of.predicted if record["predicted"] else of.happened
        severity = Severity.NONE if is_over else severity_of(told)
        expires_at_ms = record["opened_at_ms"] + self._incident_life_ms + INCIDENT_OUTLIVES_MS
        return Finding(
            "incident", key, record["updated_at_ms"], severity, severity, expires_at_ms,
            record["members"][0]["entity"], record, since_ms=record["opened_at_ms"], is_over=is_over,
        )  # fmt: skip

    def _by_probability(self, rungs: Rungs, chances: Mapping[int, float]) -> tuple[Severity, Severity]:
        """The severities of the most urgent rung that is entered, and of the most urgent that is not left."""
        reached = [(severity, chances[span], p) for severity, span, p in rungs if span is not None]
        enter = max([severity for severity, chance, p in reached if chance >= p], default=Severity.NONE)
        share = self._settings.leave_share
        stay = max([severity for severity, chance, p in reached if chance >= p * share], default=Severity.NONE)
        return enter, stay

    @staticmethod
    def _of_series(key: str, record: Record, enter: Severity, stay: Severity) -> Finding:
        kind: AlertKind = "capacity" if record["kind"] == RecordKind.CAPACITY else "failure"
        return Finding(
            kind, key, record["origin_ms"], enter, stay, record["expires_at_ms"],
            record["entity"], record, suppressed=record["suppressed"],
        )  # fmt: skip


def is_proven(record: Record) -> bool:
    """Whether earlier predictions of a failure are settled, and did better than its plain frequency would have."""
    brier: Any = record["brier"]
    return brier is not None and record["failures_seen"] > 0 and bool(brier < record["base_brier"])
