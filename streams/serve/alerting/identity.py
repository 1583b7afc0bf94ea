"""What an alert's labels are: its identity, by which Alertmanager tells it from others.

Only what never changes while an alert lasts may be a label; numbers, times and drivers are annotations. The severity
is a label all the same, because Alertmanager routes by nothing else: an alert that becomes more urgent is another one,
and the one before it ends, as with a rule for each severity in Prometheus.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from streams.series import parse_series
from streams.serve.alerting.finding import Finding, Record
from streams.serve.alerting.severity import Severity
from streams.serve.labels import joined
from streams.settings.alerting import AlertKind

Identity = tuple[tuple[str, str], ...]
"""Label pairs, sorted by name."""

ALERT_NAMES: Mapping[AlertKind, str] = {
    "capacity": "ForeshockCapacity",
    "failure": "ForeshockFailure",
    "hazard": "ForeshockHazard",
    "objective": "ForeshockErrorBudget",
    "anomaly": "ForeshockAnomaly",
    "incident": "ForeshockIncident",
}
ALERT_NAME_PATTERN = "|".join(ALERT_NAMES.values())
FINGERPRINT_DIGITS = 16
INCIDENT = "incident"


def identity_of(finding: Finding, severity: Severity, incident: str | None = None) -> Identity:
    """The labels of an alert.

    Parameters
    ----------
    incident
        The incident that covered the alert as it began, if one did.
    """
    own = {"alertname": ALERT_NAMES[finding.kind], "severity": severity.word, **dict(_named(finding))}
    if incident is not None:
        own[INCIDENT] = incident
    return joined(own, _labels_of(finding.record))


def without_incident(identity: Iterable[tuple[str, str]]) -> Identity:
    """An alert's labels but for the incident that covered it as it began; an incident's own stay as they are."""
    pairs = sorted(identity)
    if ("alertname", ALERT_NAMES["incident"]) in pairs:
        return tuple(pairs)
    return tuple((name, value) for name, value in pairs if name != INCIDENT)


def fingerprint_of(identity: Identity) -> str:
    """The same for the same labels in every process."""
    text = "\n".join([f"{name}\t{value}" for name, value in identity])
    return sha256(text.encode()).hexdigest()[:FINGERPRINT_DIGITS]


def _named(finding: Finding) -> Iterator[tuple[str, str]]:
    """What tells alerts of one entity or series apart."""
    record = finding.record
    match finding.kind:
        case "capacity" | "failure":
            yield from (("metric", record["metric"]), ("rule", record["rule"]))
        case "hazard" | "objective":
            yield "rule", record[finding.kind]
        case "anomaly":
            yield from (("metric", record["metric"]), ("anomaly", record["anomaly"]))
        case "incident":
            yield INCIDENT, record["id"]


def _labels_of(record: Record) -> Mapping[str, str]:
    labels: Mapping[str, str] = record["labels"] if "labels" in record else dict(parse_series(record["scope"]).labels)
    return labels
