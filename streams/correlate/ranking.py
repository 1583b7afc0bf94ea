"""The members of an incident, by likely cause.

The largest score comes first, of those that were struck in the incident's first minutes: what joins later is a
consequence more often than a cause. Where scores are near each other, a callee comes before its callers, and who
usually leads before who follows. Given the minute of an injected fault, the score alone names the faulty pod first in
38 of 100 cases of Nezha's (`python -m load.insights.incidents`; load/README.md, Incidents). That time decides between
equals only is a choice.
"""

from collections.abc import Callable

from streams.correlate.incident import ONSET_MINUTES, Incident, Member

COMPARABLE = 0.75
"""A callee is blamed in place of a caller whose score is no more than a third above its own."""

TIED = 0.9
"""And an earlier leader in place of a follower whose score is no more than a ninth above."""

Order = Callable[[str, str], bool]
"""Whether the first entity is before the second."""


def ranked(incident: Incident, calls: Order, leads: Order) -> list[Member]:
    """The members, the likeliest cause first."""
    members = sorted(incident.members.values(), key=lambda member: _key(incident, member))
    for _ in members:
        if not _pass(incident, members, calls, leads):
            break
    return members


def _key(incident: Incident, member: Member) -> tuple[bool, bool, float, float, int, str]:
    is_late = member.since_minute > incident.opened_minute + ONSET_MINUTES
    return member.predicted, is_late, -member.score, -member.strength, member.since_minute, member.entity


def _pass(incident: Incident, members: list[Member], calls: Order, leads: Order) -> bool:
    """Let members overtake the one before them, once through the list; says whether any has."""
    moved = False
    for place in range(1, len(members)):
        ahead, behind = members[place - 1], members[place]
        if _key(incident, ahead)[:2] == _key(incident, behind)[:2] and _overtakes(behind, ahead, calls, leads):
            members[place - 1 : place + 1] = [behind, ahead]
            moved = True
    return moved


def _overtakes(behind: Member, ahead: Member, calls: Order, leads: Order) -> bool:
    if behind.score >= COMPARABLE * ahead.score and _one_way(calls, ahead.entity, behind.entity):
        return True
    is_tied = behind.score >= TIED * ahead.score
    is_related = calls(ahead.entity, behind.entity) or calls(behind.entity, ahead.entity)
    return is_tied and not is_related and _one_way(leads, behind.entity, ahead.entity)


def _one_way(order: Order, one: str, other: str) -> bool:
    return order(one, other) and not order(other, one)
