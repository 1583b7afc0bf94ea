"""What belongs together: which incident a newly struck entity joins, and into which parts a flood falls."""

from collections.abc import Iterator, Sequence

from streams.correlate.incident import Incident
from streams.correlate.kinship import label_values
from streams.correlate.relations import Relations

JOINING_MINUTES = 15
"""Entities that nothing but time joins must be struck within so long of an incident's opening."""

CLOSE_MINUTES = 4
"""And within so long of its last sign. One that goes on for hours does not swallow what else happens."""


def related_incident(entity: str, incidents: Sequence[Incident], relations: Relations) -> Incident | None:
    """The open incident that has a member which a newly struck entity belongs together with."""
    for incident in incidents:
        if any(relations.together(entity, member) for member in incident.members):
            return incident
    return None


def concurrent_incident(
    entity: str, minute: int, incidents: Sequence[Incident], relations: Relations
) -> Incident | None:
    """The newest open incident of the same time, unless the entity is declared to be apart from a member."""
    for incident in reversed(incidents):
        is_near = minute - incident.opened_minute <= JOINING_MINUTES and minute - incident.last_minute <= CLOSE_MINUTES
        if is_near and not any(relations.apart(entity, member) for member in incident.members):
            return incident
    return None


def parts(entities: Sequence[str], relations: Relations) -> Iterator[list[str]]:
    """A flood, in parts: entities that belong together or share a label's value; those without any tie are one part."""
    shared: dict[str, list[str]] = {}
    for entity in entities:
        for value in label_values(entity):
            shared.setdefault(value, []).append(entity)
    loose: list[str] = []
    left = dict.fromkeys(entities)
    while left:
        part = _connected(next(iter(left)), left, shared, relations)
        if len(part) == 1:
            loose += part
        else:
            yield part
    if loose:
        yield loose


def _connected(first: str, left: dict[str, None], shared: dict[str, list[str]], relations: Relations) -> list[str]:
    """Take out of `left` all that is connected with the first one."""
    del left[first]
    part, todo = [first], [first]
    while todo:
        entity = todo.pop()
        near = [other for value in label_values(entity) for other in shared.pop(value, ()) if other in left]
        near += [other for other in left if relations.together(entity, other)]
        for other in dict.fromkeys(near):
            del left[other]
            part.append(other)
            todo.append(other)
    return part
