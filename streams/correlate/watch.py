"""The watch over one scope: signs become members, members incidents, and incidents end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.incidents import alert_budget
from streams.correlate.config import CorrelateConfig
from streams.correlate.incident import (
    BEYOND_MAX,
    MEMBERS_MAX,
    REST_MINUTES,
    SETTLING_MINUTES,
    UPDATES_MAX,
    Incident,
    Member,
    Reason,
    incident_of,
)
from streams.correlate.leads import Struck
from streams.correlate.parting import Relations, incident_for, parts
from streams.correlate.ranking import ranked
from streams.schema import RecordKind
from streams.signals import MINUTE_MS, Notice, notice_of

HOLDING_MAX = 10_000
OPEN_MAX = 20
NEWCOMERS_MAX = 500
"""A scope's notices that hold, its open incidents, and entities that join or open one in a minute, strongest first."""


@dataclass(slots=True)
class Sign:
    """What an entity shows in one minute. `score` is 0 where it is not unusual."""

    entity: str
    score: float = 0.0
    spoken: dict[str, float] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    @property
    def predicted(self) -> bool:
        """Whether it is made of predictions alone."""
        return self.score == 0.0 and all(notice.predicted for notice in self.notices)

    @property
    def is_witness(self) -> bool:
        """Whether it is made of anomalies alone."""
        return self.score == 0.0 and all(notice.kind == RecordKind.ANOMALY for notice in self.notices)

    @property
    def strength(self) -> float:
        """Of its strongest notice."""
        return max([notice.strength for notice in self.notices], default=0.0)


class Told(NamedTuple):
    """What is to be told of an incident; `update` counts them."""

    incident: Incident
    update: int
    members: list[Member]
    reason: Reason


class Watch:
    """Incidents of one scope, and what the decision about them follows from.

    `counts` are those of `models.incidents.alert_budget`. `holding` are notices that are in force. `spent` are signs of
    incidents that lived too long: they open no other until they have been quiet.
    """

    def __init__(self, scope: str, config: CorrelateConfig, relations: Relations) -> None:
        self.scope = scope
        self.counts: npt.NDArray[np.float64] = alert_budget.fresh()
        self.incidents: list[Incident] = []
        self.holding: dict[str, Notice] = {}
        self.spent: dict[str, int] = {}
        self._config = config
        self._relations = relations

    @property
    def is_idle(self) -> bool:
        """Whether nothing goes on."""
        return not (self.incidents or self.holding or self.spent)

    def advance(self, minute: int, scored: Mapping[str, Sign], notices: Iterable[Notice]) -> list[Told]:
        """Go through a minute: entities with an unusual score, and what was noticed."""
        signs = self._unspent(minute, self._signs(minute, scored, notices))
        news: dict[str, set[Reason]] = {incident.id: set() for incident in self.incidents}
        newcomers = []
        witnesses = [sign for _, sign in sorted(signs.items()) if sign.is_witness]
        for sign in [sign for _, sign in sorted(signs.items()) if not sign.is_witness]:
            incident = self._incident_of(sign.entity)
            if incident is None:
                newcomers.append(sign)
            else:
                news[incident.id] |= self._again(incident, minute, sign)
        for incident, _ in self._join(minute, newcomers):
            news.setdefault(incident.id, set()).add(Reason.MEMBER)
        for sign in witnesses:
            for incident in self._witness(minute, sign):
                news[incident.id].add(Reason.MEMBER)
        return [*self._tell(news), *self._close(minute)]

    def is_frozen(self, entity: str) -> bool:
        """Whether an entity is in an incident, so that nothing is learned of it."""
        return self._incident_of(entity) is not None

    def _signs(self, minute: int, scored: Mapping[str, Sign], notices: Iterable[Notice]) -> dict[str, Sign]:
        for about, notice in list(self.holding.items()):
            if notice.until_ms <= minute * MINUTE_MS:
                del self.holding[about]
        for notice in sorted(notices):
            about = _about(notice)
            if about in self.holding or len(self.holding) < HOLDING_MAX:
                self.holding[about] = notice
        signs = dict(scored)
        for _, notice in sorted(self.holding.items()):
            signs.setdefault(notice.entity, Sign(notice.entity)).notices.append(notice)
        return signs

    def _unspent(self, minute: int, signs: dict[str, Sign]) -> dict[str, Sign]:
        """Without the signs of incidents that lived too long."""
        if self.spent:
            for sign in signs.values():
                names = {_score_of(sign.entity)} if sign.score else set()
                for name in (names | {_about(notice) for notice in sign.notices}) & self.spent.keys():
                    self.spent[name] = minute
                sign.score = 0.0 if _score_of(sign.entity) in self.spent else sign.score
                sign.notices = [notice for notice in sign.notices if _about(notice) not in self.spent]
            quiet = self._config.quiet_minutes
            self.spent = {name: last for name, last in self.spent.items() if minute - last < quiet}
        return {entity: sign for entity, sign in signs.items() if sign.score or sign.notices}

    def _incident_of(self, entity: str) -> Incident | None:
        return next((incident for incident in self.incidents if incident.has(entity)), None)

    def _again(self, incident: Incident, minute: int, sign: Sign) -> set[Reason]:
        """An entity of an incident shows something again."""
        incident.last_minute = minute
        if sign.entity in incident.beyond:
            incident.beyond[sign.entity] = minute
            return set()
        member = incident.members[sign.entity]
        reasons = {Reason.AGAIN} if minute - member.last_minute > REST_MINUTES else set()
        if member.predicted and not sign.predicted:
            reasons.add(Reason.HAPPENED)
        _take(member, minute, sign)
        return reasons

    def _witness(self, minute: int, sign: Sign) -> Iterator[Incident]:
        """Let anomalies speak for a member, or for an entity that belongs to one; gives the incident that has grown.

        By themselves they open none and keep none going: of ten thousand series some are always strange.
        """
        incident = self._incident_of(sign.entity)
        if incident is None:
            incident = incident_for(sign.entity, minute, self.incidents, self._relations, by_time=False)
            if incident is not None:
                _admit(incident, minute, sign)
                yield incident
        elif sign.entity in incident.members:
            for notice in sign.notices:
                incident.members[sign.entity].take_notice(notice)

    def _join(self, minute: int, newcomers: list[Sign]) -> Iterator[tuple[Incident, str]]:
        """Find an incident for each newly struck entity; gives the incidents that have grown."""
        newcomers = sorted(newcomers, key=lambda sign: (-sign.score, -sign.strength, sign.entity))[:NEWCOMERS_MAX]
        by_name = {sign.entity: sign for sign in newcomers}
        if len(newcomers) <= self._config.flood:
            for sign in newcomers:
                yield from self._place(minute, [sign], by_time=True)
        else:
            for part in parts(list(by_name), self._relations):
                yield from self._place(minute, [by_name[entity] for entity in part], by_time=False)

    def _place(self, minute: int, part: list[Sign], *, by_time: bool) -> Iterator[tuple[Incident, str]]:
        found = (incident_for(sign.entity, minute, self.incidents, self._relations, by_time=by_time) for sign in part)
        incident = next((each for each in found if each is not None), None)
        if incident is None and len(self.incidents) < OPEN_MAX:
            name = f"{self.scope}|{minute * MINUTE_MS}|{part[0].entity}"
            incident = Incident(name, self.scope, minute, minute)
            self.incidents.append(incident)
        for sign in part if incident is not None else ():
            assert incident is not None
            _admit(incident, minute, sign)
            yield incident, sign.entity

    def _tell(self, news: Mapping[str, set[Reason]]) -> Iterator[Told]:
        for incident in self.incidents:
            reasons = news.get(incident.id, set())
            if not incident.is_told and incident.signs() < self._config.agree:
                continue
            members = self.ranked(incident)
            if not incident.is_told:
                reasons = {Reason.OPENED}
            elif members[0].entity != incident.cause:
                reasons = reasons | {Reason.CAUSE}
            if reasons and incident.updates < UPDATES_MAX:
                incident.updates += 1
                incident.cause = members[0].entity
                yield Told(incident, incident.updates, members, next(reason for reason in Reason if reason in reasons))

    def _close(self, minute: int) -> Iterator[Told]:
        """End incidents that have been quiet, or have lived, for long enough."""
        for incident in list(self.incidents):
            quiet = minute - incident.last_minute >= self._config.quiet_minutes
            if not quiet and minute - incident.opened_minute < self._config.life_minutes:
                continue
            self.incidents.remove(incident)
            if not quiet:
                self.spent |= dict.fromkeys(_names(incident), minute)
            if incident.is_told:
                struck = [
                    Struck(self.scope + member.entity, member.since_minute)
                    for member in incident.members.values()
                    if not member.predicted
                ]
                self._relations.leads.count(struck)
                incident.updates += 1
                yield Told(
                    incident, incident.updates, self.ranked(incident), Reason.QUIET if quiet else Reason.TOO_LONG
                )

    def ranked(self, incident: Incident) -> list[Member]:
        """Its members, the likeliest cause first."""
        leads = self._relations.leads
        return ranked(
            incident,
            self._relations.kinship.calls,
            lambda one, other: leads.leads(self.scope + one, self.scope + other),
        )

    def dump(self) -> dict[str, Any]:
        """In plain values."""
        return {
            "scope": self.scope,
            "counts": self.counts.tolist(),
            "incidents": [incident.dump() for incident in self.incidents],
            "holding": {about: notice._asdict() for about, notice in sorted(self.holding.items())},
            "spent": dict(sorted(self.spent.items())),
        }

    def load(self, fields: dict[str, Any]) -> None:
        """Put back what `dump` made."""
        self.counts = np.array(fields["counts"], np.float64)
        self.incidents = [incident_of(incident) for incident in fields["incidents"]]
        self.holding = {about: notice_of(notice) for about, notice in fields["holding"].items()}
        self.spent = fields["spent"]


def _admit(incident: Incident, minute: int, sign: Sign) -> None:
    incident.last_minute = minute
    if len(incident.members) < MEMBERS_MAX:
        member = incident.members.setdefault(sign.entity, Member(sign.entity, minute, minute))
        _take(member, minute, sign)
    elif len(incident.beyond) < BEYOND_MAX:
        incident.beyond[sign.entity] = minute


def _take(member: Member, minute: int, sign: Sign) -> None:
    if sign.score and (member.score == 0.0 or minute - member.since_minute <= SETTLING_MINUTES):
        member.score = max(member.score, sign.score)
    member.last_minute = minute
    member.predicted = member.predicted and sign.predicted
    member.take_far(sign.spoken)
    for notice in sign.notices:
        member.take_notice(notice)


def _about(notice: Notice) -> str:
    return f"{notice.kind}|{notice.series}|{notice.about}"


def _score_of(entity: str) -> str:
    return f"score|{entity}"


def _names(incident: Incident) -> Iterator[str]:
    """Of all signs that an incident may go on with."""
    for member in incident.members.values():
        yield _score_of(member.entity)
        yield from member.notices
    for entity in incident.beyond:
        yield _score_of(entity)
