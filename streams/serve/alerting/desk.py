"""The desk where alerts are kept: records in, alerts out. It has no clock, and knows of nobody who is told.

It starts empty and is given what the topics still hold, oldest first; so a restart finds the same alerts. What it can't
find there is when those began whose older records compaction has taken: an Alertmanager, which knows, is asked
(`adopt`), and what nobody has seen begin is not told to webhooks again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import orjson

from streams.serve.alerting.alert import Alert, Known, Turn
from streams.serve.alerting.coverage import Coverage, OpenIncident
from streams.serve.alerting.damping import IDLE, Hold, Standing, follow
from streams.serve.alerting.finding import Finding
from streams.serve.alerting.identity import Identity, identity_of, without_incident
from streams.serve.alerting.judging import Judge
from streams.serve.alerting.severity import Severity
from streams.settings.alerting import AlertingSettings
from streams.settings.durations import DAY_MS, HOUR_MS

REMEMBERED_MS = 31 * DAY_MS
FIRING_MAX = 10_000
"""More alerts at once tell nobody anything; those beyond are counted."""


class AlertDesk:
    """All alerts that fire, and what becomes of them."""

    def __init__(self, settings: AlertingSettings, incident_life_ms: int) -> None:
        self._settings = settings
        self._judge = Judge(settings, incident_life_ms)
        self._hold = Hold(settings.enter_after_ms or 0, settings.leave_after_ms or 0)
        self._standings: dict[str, Standing] = {}
        self._firing: dict[str, Alert] = {}
        self._withheld: dict[str, Finding] = {}
        self._coverage = Coverage()
        self._turns: list[Turn] = []
        # Of every key the time of its newest record: after a crash of a worker older ones come again.
        self._newest_ms: dict[str, int] = {}
        self._forgotten_at_ms = 0
        self._is_live = False
        self.beyond = 0

    @property
    def firing(self) -> Mapping[str, Alert]:
        """The alerts that fire, by the key of their record."""
        return self._firing

    @property
    def withheld(self) -> int:
        """Alerts that an open incident speaks for."""
        return len(self._withheld)

    def apply(self, key: str, value: bytes | None, now_ms: int) -> None:
        """Follow a record, in the order of its partition; None ends its key.

        Parameters
        ----------
        now_ms
            What time it is for serve: event time or the clock's.
        """
        if value is None:
            self._forget(key)
            return
        finding = self._judge.finding(key, orjson.loads(value))
        if finding is None or (self._is_live and self._is_stale(finding, now_ms)):
            return
        newest_ms = self._newest_ms.get(key)
        if newest_ms is not None and finding.at_ms < newest_ms:
            return
        if finding.kind == "incident":
            self._release(self._coverage.apply(finding), finding.at_ms)
        before = self._standings.get(key, IDLE)
        self._move(key, before, follow(before, finding, self._hold), finding)
        self._newest_ms[key] = finding.at_ms

    def tick(self, now_ms: int) -> None:
        """End what has had no news for too long."""
        self._forget_old_keys(now_ms)
        for key in self._coverage.expired(now_ms):
            self._release(self._coverage.end(key), now_ms)
        for key in [key for key, finding in self._withheld.items() if self._is_stale(finding, now_ms)]:
            del self._withheld[key], self._standings[key]
        for key, alert in list(self._firing.items()):
            if self._is_stale(alert.finding, now_ms):
                self._standings.pop(key, None)
                self._end(key, alert.finding.expires_at_ms + self._settings.stale_after_ms, "no news came for too long")

    def turns(self) -> list[Turn]:
        """What has begun and ended since this was asked last, in the order of the records."""
        turns, self._turns = self._turns, []
        return turns

    def adopt(self, known: Mapping[Identity, Known]) -> None:
        """Go on with what an Alertmanager knows to fire: since when, and under which incident. Nobody is told again."""
        for key, finding in list(self._withheld.items()):
            severity = self._standings[key].severity
            labels = identity_of(finding, severity)
            if without_incident(labels) in known:
                del self._withheld[key]
                self._fire(key, Alert(labels, severity, finding.at_ms, finding), witnessed=False)
        adopted = set()
        for key, alert in self._firing.items():
            found = known.get(without_incident(alert.labels))
            if found is not None:
                adopted.add(without_incident(alert.labels))
                labels = identity_of(alert.finding, alert.severity, found.incident)
                starts_at_ms = min(found.starts_at_ms, alert.starts_at_ms)
                self._firing[key] = replace(alert, labels=labels, starts_at_ms=starts_at_ms)
        begun = [turn for turn in self._turns if turn.begins and without_incident(turn.alert.labels) in adopted]
        self._turns = [turn for turn in self._turns if turn not in begun]

    def caught_up(self) -> None:
        """All that the topics held was applied: from here on what begins is seen to begin."""
        self._is_live = True

    def _is_stale(self, finding: Finding, now_ms: int) -> bool:
        return finding.expires_at_ms + self._settings.stale_after_ms <= now_ms

    def _move(self, key: str, before: Standing, after: Standing, finding: Finding) -> None:
        if after.is_idle:
            self._standings.pop(key, None)
        else:
            self._standings[key] = after
        if after.severity is before.severity:
            self._refresh(key, finding)
        else:
            self._withheld.pop(key, None)
            resolution = f"it is a {after.severity.word} now" if after.severity else "it is over"
            self._end(key, finding.at_ms, resolution)
            if after.severity:
                self._begin(key, before, after.severity, finding)

    def _refresh(self, key: str, finding: Finding) -> None:
        if key in self._firing:
            self._firing[key] = replace(self._firing[key], finding=finding)
        elif key in self._withheld:
            self._withheld[key] = finding

    def _begin(self, key: str, before: Standing, severity: Severity, finding: Finding) -> None:
        since_ms = finding.since_ms if not before.severity else None
        # The first record of a key that is already an alarm says nothing of when it began.
        witnessed = self._is_live or key in self._newest_ms or since_ms is not None
        if since_ms is None:
            since_ms = finding.at_ms if before.rising_since_ms is None else before.rising_since_ms
        incident = self._coverage.of(finding.entity) if finding.kind != "incident" else None
        if incident is not None and self._speaks_for(incident, severity):
            self._withheld[key] = finding
            return
        name = incident.id if incident is not None and incident.names(since_ms) else None
        self._fire(key, Alert(identity_of(finding, severity, name), severity, since_ms, finding), witnessed)

    def _speaks_for(self, incident: OpenIncident, severity: Severity) -> bool:
        return self._settings.incidents.members == "together" and incident.severity >= severity

    def _fire(self, key: str, alert: Alert, witnessed: bool) -> None:
        if len(self._firing) >= FIRING_MAX:
            self.beyond += 1
            # Its next record tries again.
            self._standings.pop(key, None)
            return
        self._firing[key] = alert
        self._turns.append(Turn(alert, alert.starts_at_ms, witnessed))

    def _end(self, key: str, at_ms: int, resolution: str) -> None:
        alert = self._firing.pop(key, None)
        if alert is not None:
            ended = replace(alert, ends_at_ms=max(at_ms, alert.starts_at_ms), resolution=resolution)
            self._turns.append(Turn(ended, at_ms, witnessed=True))

    def _forget(self, key: str) -> None:
        """A tombstone: the series gave its place away."""
        at_ms = self._newest_ms.pop(key, 0)
        self._standings.pop(key, None)
        self._withheld.pop(key, None)
        self._end(key, at_ms, "its series is gone")
        self._release(self._coverage.end(key), at_ms)

    def _forget_old_keys(self, now_ms: int) -> None:
        """Keys of incidents end with their topic's retention, and no record tells."""
        if now_ms - self._forgotten_at_ms >= HOUR_MS:
            self._forgotten_at_ms = now_ms
            old = [key for key, at_ms in self._newest_ms.items() if at_ms + REMEMBERED_MS <= now_ms]
            for key in [key for key in old if key not in self._firing]:
                del self._newest_ms[key]

    def _release(self, entities: Iterable[str], at_ms: int) -> None:
        """Alerts that an incident spoke for speak for themselves, where they still hold."""
        free = {entity for entity in entities if self._coverage.of(entity) is None}
        for key, finding in [(key, finding) for key, finding in self._withheld.items() if finding.entity in free]:
            del self._withheld[key]
            severity = self._standings[key].severity
            self._fire(key, Alert(identity_of(finding, severity), severity, max(at_ms, finding.at_ms), finding), True)
