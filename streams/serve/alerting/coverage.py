"""Which open incident covers an entity: it may speak for its members, or its name group their alerts."""

from typing import NamedTuple

from streams.serve.alerting.finding import Finding
from streams.serve.alerting.severity import Severity
from streams.settings.durations import MINUTE_MS

KNOWN_AFTER_MS = 4 * MINUTE_MS
"""By then an incident that opened is on the topic. An alert that begins sooner after the opening does not bear its
name: labels would otherwise depend on which of the two records came first."""


class OpenIncident(NamedTuple):
    """An incident that is open."""

    id: str
    severity: Severity
    opened_at_ms: int
    expires_at_ms: int

    def names(self, begins_at_ms: int) -> bool:
        """Whether an alert that begins then bears its name."""
        return self.opened_at_ms + KNOWN_AFTER_MS <= begins_at_ms


class Coverage:
    """The open incidents, by their members."""

    def __init__(self) -> None:
        self._incidents: dict[str, OpenIncident] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._of_entity: dict[str, set[str]] = {}

    def apply(self, finding: Finding) -> list[str]:
        """Follow an incident's record; gives the entities that it covers no more."""
        before = self.end(finding.key)
        record = finding.record
        if finding.is_over:
            return before
        members = tuple([member["entity"] for member in record["members"]])
        self._incidents[finding.key] = OpenIncident(
            record["id"], finding.enter, record["opened_at_ms"], finding.expires_at_ms
        )
        self._members[finding.key] = members
        for entity in members:
            self._of_entity.setdefault(entity, set()).add(finding.key)
        return [entity for entity in before if entity not in members]

    def end(self, key: str) -> list[str]:
        """An incident is over; gives the entities that it covered."""
        if self._incidents.pop(key, None) is None:
            return []
        members = self._members.pop(key)
        for entity in members:
            keys = self._of_entity[entity]
            keys.discard(key)
            if not keys:
                del self._of_entity[entity]
        return list(members)

    def expired(self, now_ms: int) -> list[str]:
        """Keys of incidents whose records are believed no more."""
        return [key for key, incident in self._incidents.items() if incident.expires_at_ms <= now_ms]

    def of(self, entity: str) -> OpenIncident | None:
        """The incident that covers an entity: the most urgent one, then the oldest."""
        known = [self._incidents[key] for key in self._of_entity.get(entity, ())]
        return min(known, key=lambda one: (-one.severity, one.opened_at_ms, one.id), default=None)
