"""An incident: entities that were struck together, from the first sign until it has been quiet for long enough."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from streams.correlate.sign import Sign, score_name
from streams.signals import Notice

MEMBERS_MAX = 50
"""Listed one by one; of those beyond it only the number is told."""

BEYOND_MAX = 10_000
SPEAKERS_MAX = 3
NOTICES_MAX = 5
"""Series, and notices, that speak for a member."""

UPDATES_MAX = 50
"""Records of an incident, but for its last one."""

ONSET_MINUTES = 4
"""The onset: so long after its first sign a member's score still rises to the largest it has had."""

REST_MINUTES = 4
"""A member that was quiet for so long and speaks again is worth telling of."""


class Reason(StrEnum):
    """Why an incident is told of. The values are public; where several hold, the first is given."""

    OPENED = "opened"
    MEMBER = "member"
    HAPPENED = "happened"
    AGAIN = "again"
    CAUSE = "cause"
    QUIET = "quiet"
    TOO_LONG = "too_long"


@dataclass(slots=True)
class Member:
    """An entity of an incident. `far` has the series that speak for it, and `notices` what was said of its series.

    `predicted`: nothing but predictions speak for it so far.
    """

    entity: str
    since_minute: int
    last_minute: int
    score: float = 0.0
    strength: float = 0.0
    predicted: bool = True
    far: dict[str, float] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)

    def take(self, minute: int, sign: Sign) -> None:
        """Let a sign speak for it."""
        is_onset = minute - self.since_minute <= ONSET_MINUTES
        if sign.score and (self.score == 0.0 or is_onset):
            self.score = max(self.score, sign.score)
        self.last_minute = minute
        self.predicted = self.predicted and sign.predicted
        self.take_far(sign.spoken)
        for notice in sign.notices:
            self.take_notice(notice)

    def take_far(self, spoken: dict[str, float]) -> None:
        """Keep the series that were furthest out."""
        for series, far in spoken.items():
            if abs(far) > abs(self.far.get(series, 0.0)):
                self.far[series] = far
        furthest = sorted(self.far.items(), key=lambda item: (-abs(item[1]), item[0]))
        self.far = dict(furthest[:SPEAKERS_MAX])

    def take_notice(self, notice: Notice) -> None:
        """Keep what is said of a series; the newest words of each."""
        if notice.name in self.notices or len(self.notices) < NOTICES_MAX:
            self.notices[notice.name] = f"{notice.series}: {notice.text}"
        self.strength = max(self.strength, notice.strength)


@dataclass(slots=True)
class Incident:
    """An incident that is open.

    Attributes
    ----------
    beyond
        Entities past `MEMBERS_MAX`, and when each last showed something.
    updates
        How many were published.
    cause
        The member that the last of them named first; empty before the first.
    """

    id: str
    scope: str
    opened_minute: int
    last_minute: int
    members: dict[str, Member] = field(default_factory=dict)
    beyond: dict[str, int] = field(default_factory=dict)
    updates: int = 0
    cause: str = ""

    @property
    def is_published(self) -> bool:
        """Whether anybody knows of it."""
        return self.updates > 0

    @property
    def predicted(self) -> bool:
        """Whether it is nothing but predictions."""
        return all(member.predicted for member in self.members.values())

    def has(self, entity: str) -> bool:
        """Whether an entity is in it, listed or not."""
        return entity in self.members or entity in self.beyond

    def signs(self) -> int:
        """How many agree: entities by their scores, and notices."""
        return sum([(member.score > 0.0) + len(member.notices) for member in self.members.values()])

    def sign_names(self) -> Iterator[str]:
        """The names of all signs that it may go on with."""
        for member in self.members.values():
            yield score_name(member.entity)
            yield from member.notices
        for entity in self.beyond:
            yield score_name(entity)

    def admit(self, minute: int, sign: Sign) -> None:
        """Let an entity join: as a member, or beyond those that are listed."""
        self.last_minute = minute
        if len(self.members) < MEMBERS_MAX:
            self.members.setdefault(sign.entity, Member(sign.entity, minute, minute)).take(minute, sign)
        elif len(self.beyond) < BEYOND_MAX:
            self.beyond[sign.entity] = minute

    def go_on(self, minute: int, sign: Sign) -> set[Reason]:
        """One of its entities shows something again; gives what is worth telling of that."""
        self.last_minute = minute
        if sign.entity in self.beyond:
            self.beyond[sign.entity] = minute
            return set()
        member = self.members[sign.entity]
        reasons = {Reason.AGAIN} if minute - member.last_minute > REST_MINUTES else set()
        if member.predicted and not sign.predicted:
            reasons.add(Reason.HAPPENED)
        member.take(minute, sign)
        return reasons

    def hear(self, witness: Sign) -> None:
        """Let anomalies speak for a member; they do not keep the incident going."""
        if witness.entity in self.members:
            for notice in witness.notices:
                self.members[witness.entity].take_notice(notice)

    def update(self, members: list[Member], reason: Reason) -> "IncidentUpdate":
        """The next one to be published; `members` are its own, the likeliest cause first."""
        self.updates += 1
        self.cause = members[0].entity
        return IncidentUpdate(self, self.updates, members, reason)

    def dump(self) -> dict[str, Any]:
        """In plain values."""
        return asdict(self)


class IncidentUpdate(NamedTuple):
    """What is published of an incident at the end of a minute; members come the likeliest cause first.

    `number` counts the updates of one incident, from 1.
    """

    incident: Incident
    number: int
    members: list[Member]
    reason: Reason


def incident_of(fields: dict[str, Any]) -> Incident:
    """Put back what `dump` made."""
    members = {entity: Member(**member) for entity, member in fields["members"].items()}
    return Incident(**(fields | {"members": members}))
