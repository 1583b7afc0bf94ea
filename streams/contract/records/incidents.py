"""Incidents: entities that were struck together."""

from typing import Annotated, Literal

from typing_extensions import TypedDict

from streams.contract.words import Count, InstantMs, Version, says, unit
from streams.correlate.incident import Reason
from streams.schema import RecordKind

IncidentStatus = Literal["open", "updated", "closed"]


class SpokenFields(TypedDict):
    """A series that speaks for a member of an incident."""

    series: Annotated[str, says("the series, with its labels")]
    deviation: Annotated[float, unit("scales"), says("how many scales it is above its usual place, or below it")]


class MemberFields(TypedDict):
    """A member of an incident."""

    entity: Annotated[str, says('the entity, written `{host="a"}`')]
    rank: Annotated[Count, says("its place: 1 is the likeliest cause")]
    score: Annotated[
        float, unit("doublings"), says("how far out all its series together are; 0 where it is only predicted")
    ]
    since_ms: Annotated[InstantMs, says("the end of the minute of its first sign")]
    last_ms: Annotated[InstantMs, says("the end of the minute of its last one")]
    predicted: Annotated[bool, says("nothing but predictions speak for it so far")]
    series: Annotated[list[SpokenFields], says("at most three series that are furthest out")]
    notices: Annotated[list[str], says("sentences of other predictions, at most five")]


class IncidentFields(TypedDict):
    """An incident: entities that were struck together, the likeliest cause first."""

    v: Version
    kind: Annotated[RecordKind, says("what the record says")]
    id: Annotated[str, says("scope, opening minute and first entity: the same again in every replay")]
    scope: Annotated[str, says('the labels of `incidents.scope` and their values, written `{cluster="a"}`')]
    status: Annotated[IncidentStatus, says("`open`, `updated` or `closed`")]
    reason: Annotated[
        Reason,
        says(
            "why this record was made: `opened`, `member`, `happened`, `again`, `cause`; `quiet` or "
            "`too_long` where it is "
            "closed"
        ),
    ]
    update: Annotated[Count, says("counts the incident's records")]
    predicted: Annotated[bool, says("nothing has happened yet: all members are predicted")]
    opened_at_ms: Annotated[InstantMs, says("the end of the minute of the first sign")]
    updated_at_ms: Annotated[InstantMs, says("the end of the minute of this record")]
    closed_at_ms: Annotated[InstantMs | None, says("the end of the minute in which it closed; `null` before")]
    members: Annotated[list[MemberFields], says("at most 50 entities, the likeliest cause first")]
    members_beyond: Annotated[Count, says("entities beyond the 50")]
    text: Annotated[str, says("the incident in a few sentences")]
