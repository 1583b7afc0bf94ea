"""An incident: entities that were struck together, from the first sign until it has been quiet for long enough."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from streams.signals import Notice

MEMBERS_MAX = 50
"""Listed one by one; of those beyond it only the number is told."""

BEYOND_MAX = 10_000
SPEAKERS_MAX = 3
NOTICES_MAX = 5
"""Series, and notices, that speak for a member."""

UPDATES_MAX = 50
"""Records of an incident, but for its last one."""

SETTLING_MINUTES = 4
"""So long after its first sign a member's score still rises to the largest it has had."""

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

    def take_far(self, spoken: dict[str, float]) -> None:
        """Keep the series that were furthest out."""
        for series, far in spoken.items():
            if abs(far) > abs(self.far.get(series, 0.0)):
                self.far[series] = far
        furthest = sorted(self.far.items(), key=lambda item: (-abs(item[1]), item[0]))
        self.far = dict(furthest[:SPEAKERS_MAX])

    def take_notice(self, notice: Notice) -> None:
        """Keep what is said of a series; the newest words of each."""
        name = f"{notice.series}: {notice.text}"
        about = f"{notice.kind}|{notice.series}|{notice.about}"
        if about in self.notices or len(self.notices) < NOTICES_MAX:
            self.notices[about] = name
        self.strength = max(self.strength, notice.strength)


@dataclass(slots=True)
class Incident:
    """`cause` is the member that was named first when it was told of last; empty while nobody has been told."""

    id: str
    scope: str
    opened_minute: int
    last_minute: int
    members: dict[str, Member] = field(default_factory=dict)
    beyond: dict[str, int] = field(default_factory=dict)
    updates: int = 0
    cause: str = ""

    @property
    def is_told(self) -> bool:
        """Whether anybody was told of it."""
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

    def dump(self) -> dict[str, Any]:
        """In plain values."""
        return asdict(self)


def incident_of(fields: dict[str, Any]) -> Incident:
    """Put back what `dump` made."""
    members = {entity: Member(**member) for entity, member in fields["members"].items()}
    return Incident(**(fields | {"members": members}))
