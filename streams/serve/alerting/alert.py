"""An alert, and its turns."""

from dataclasses import dataclass
from typing import NamedTuple

from streams.serve.alerting.finding import Finding
from streams.serve.alerting.identity import Identity, fingerprint_of
from streams.serve.alerting.severity import Severity


@dataclass(frozen=True, slots=True)
class Alert:
    """One severity of one key, from its beginning to its end. `labels` never change: they are who it is."""

    labels: Identity
    severity: Severity
    starts_at_ms: int
    finding: Finding
    ends_at_ms: int | None = None
    resolution: str = ""
    """Why it has ended, in words."""

    @property
    def fingerprint(self) -> str:
        """A short name of its labels."""
        return fingerprint_of(self.labels)


class Known(NamedTuple):
    """What an Alertmanager knows of an alert that fires."""

    starts_at_ms: int
    incident: str | None


class Turn(NamedTuple):
    """An alert begins or ends, at an event time."""

    alert: Alert
    at_ms: int
    witnessed: bool
    """Whether it was seen to begin or end, not only found so in the first record of its key at a start."""

    @property
    def begins(self) -> bool:
        """Whether it begins."""
        return self.alert.ends_at_ms is None
