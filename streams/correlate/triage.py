"""The triage of one scope: signs become members, members incidents, and incidents end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from models.incidents.alert_budget import Largest, Openings, of_minutes
from streams.correlate.config import CorrelateConfig
from streams.correlate.incident import UPDATES_MAX, Incident, IncidentUpdate, Member, Reason, incident_of
from streams.correlate.leads import Struck
from streams.correlate.notices import NoticesInForce
from streams.correlate.parting import concurrent_incident, parts, related_incident
from streams.correlate.ranking import ranked
from streams.correlate.relations import Relations
from streams.correlate.sign import Sign
from streams.correlate.spent import SpentSigns
from streams.signals import MINUTE_MS, Notice

OPEN_MAX = 20
NEWCOMERS_MAX = 500
"""A scope's open incidents, and entities that join or open one in a minute, strongest first."""


class Triage:
    """Incidents of one scope that are open, and what the decision about them follows from.

    `openings` are those of `models.incidents.alert_budget`.
    """

    def __init__(self, scope: str, config: CorrelateConfig, relations: Relations) -> None:
        self.scope = scope
        self.openings = Openings()
        self.incidents: list[Incident] = []
        self.notices = NoticesInForce()
        self.spent = SpentSigns()
        self._config = config
        self._relations = relations

    @property
    def is_idle(self) -> bool:
        """Whether nothing goes on."""
        return not (self.incidents or self.notices or self.spent)

    def advance(self, minute: int, scored: Mapping[str, Sign], notices: Iterable[Notice]) -> list[IncidentUpdate]:
        """Go through a minute: entities with an unusual score, and what was noticed.

        Spent signs are taken off those of `scored`, too.
        """
        signs = self._signs(minute, scored, notices)
        news: defaultdict[str, set[Reason]] = defaultdict(set)
        newcomers = []
        for sign in [sign for sign in signs if not sign.is_witness]:
            incident = self._incident_of(sign.entity)
            if incident is None:
                newcomers.append(sign)
            else:
                news[incident.id] |= incident.go_on(minute, sign)
        for incident in self._join(minute, newcomers):
            news[incident.id].add(Reason.MEMBER)
        for incident in self._hear(minute, [sign for sign in signs if sign.is_witness]):
            news[incident.id].add(Reason.MEMBER)
        return [*self._update(news), *self._close(minute)]

    def is_frozen(self, entity: str) -> bool:
        """Whether an entity is in an incident, so that nothing is learned of it."""
        return self._incident_of(entity) is not None

    def ranked(self, incident: Incident) -> list[Member]:
        """Its members, the likeliest cause first."""
        return ranked(incident, self._relations.calls, self._relations.leads_to)

    def _signs(self, minute: int, scored: Mapping[str, Sign], notices: Iterable[Notice]) -> list[Sign]:
        """What each entity shows, by name, without what is spent."""
        self.notices.advance(minute * MINUTE_MS, notices)
        signs = dict(scored)
        for notice in self.notices:
            signs.setdefault(notice.entity, Sign(notice.entity)).notices.append(notice)
        self.spent.take_from(minute, signs.values(), self._config.quiet_minutes)
        return [sign for _, sign in sorted(signs.items()) if sign.score or sign.notices]

    def _incident_of(self, entity: str) -> Incident | None:
        return next((incident for incident in self.incidents if incident.has(entity)), None)

    def _join(self, minute: int, newcomers: list[Sign]) -> Iterator[Incident]:
        """Find an incident for each newly struck entity; gives the incidents that have grown."""
        newcomers = sorted(newcomers, key=lambda sign: (-sign.score, -sign.strength, sign.entity))[:NEWCOMERS_MAX]
        if len(newcomers) <= self._config.flood:
            for sign in newcomers:
                incident = related_incident(sign.entity, self.incidents, self._relations)
                incident = incident or concurrent_incident(sign.entity, minute, self.incidents, self._relations)
                yield from self._place(minute, [sign], incident)
        else:
            by_name = {sign.entity: sign for sign in newcomers}
            for part in parts(list(by_name), self._relations):
                found = (related_incident(entity, self.incidents, self._relations) for entity in part)
                incident = next((each for each in found if each is not None), None)
                yield from self._place(minute, [by_name[entity] for entity in part], incident)

    def _place(self, minute: int, signs: list[Sign], incident: Incident | None) -> Iterator[Incident]:
        """Let entities join an incident, or open one for them if there is room; gives the one that has grown."""
        if incident is None:
            if len(self.incidents) >= OPEN_MAX:
                return
            name = f"{self.scope}|{minute * MINUTE_MS}|{signs[0].entity}"
            incident = Incident(name, self.scope, minute, minute)
            self.incidents.append(incident)
        for sign in signs:
            incident.admit(minute, sign)
        yield incident

    def _hear(self, minute: int, witnesses: list[Sign]) -> Iterator[Incident]:
        """Let anomalies speak for members, or for entities that belong to one; gives the incidents that have grown.

        By themselves they open none and keep none going: of ten thousand series some are always strange.
        """
        for sign in witnesses:
            incident = self._incident_of(sign.entity)
            if incident is not None:
                incident.hear(sign)
                continue
            incident = related_incident(sign.entity, self.incidents, self._relations)
            if incident is not None:
                incident.admit(minute, sign)
                yield incident

    def _update(self, news: Mapping[str, set[Reason]]) -> Iterator[IncidentUpdate]:
        """Updates of the incidents of which there is something new to say."""
        for incident in self.incidents:
            if not incident.is_published and incident.signs() < self._config.agree:
                continue
            members = self.ranked(incident)
            reasons = set(news.get(incident.id, ()))
            if not incident.is_published:
                reasons = {Reason.OPENED}
            elif members[0].entity != incident.cause:
                reasons.add(Reason.CAUSE)
            if reasons and incident.updates < UPDATES_MAX:
                yield incident.update(members, next(reason for reason in Reason if reason in reasons))

    def _close(self, minute: int) -> Iterator[IncidentUpdate]:
        """End incidents that have been quiet, or have lived, for long enough."""
        for incident in list(self.incidents):
            reason = self._reason_to_close(incident, minute)
            if reason is None:
                continue
            self.incidents.remove(incident)
            if reason is Reason.TOO_LONG:
                self.spent.spend(incident.sign_names(), minute)
            if incident.is_published:
                self._relations.leads.count(self._struck(incident))
                yield incident.update(self.ranked(incident), reason)

    def _reason_to_close(self, incident: Incident, minute: int) -> Reason | None:
        if minute - incident.last_minute >= self._config.quiet_minutes:
            return Reason.QUIET
        return Reason.TOO_LONG if minute - incident.opened_minute >= self._config.life_minutes else None

    def _struck(self, incident: Incident) -> list[Struck]:
        members = incident.members.values()
        return [Struck(self.scope + each.entity, each.since_minute) for each in members if not each.predicted]

    def dump(self) -> dict[str, Any]:
        """In plain values."""
        return {
            "scope": self.scope,
            "openings": {
                "counts": self.openings.counts.tolist(),
                "minutes": self.openings.minutes,
                "recent": [list(each) for each in self.openings.recent],
            },
            "incidents": [incident.dump() for incident in self.incidents],
            "holding": self.notices.dump(),
            "spent": self.spent.dump(),
        }

    def load(self, fields: dict[str, Any]) -> None:
        """Put back what `dump` made, or that of format 1, which has `counts` of minutes in place of `openings`."""
        if "openings" in fields:
            openings = fields["openings"]
            recent = [Largest(*each) for each in openings["recent"]]
            self.openings = Openings(np.array(openings["counts"], np.float64), openings["minutes"], recent)
        else:
            self.openings = of_minutes(np.array(fields["counts"], np.float64))
        self.incidents = [incident_of(incident) for incident in fields["incidents"]]
        self.notices.load(fields["holding"])
        self.spent.load(fields["spent"])
