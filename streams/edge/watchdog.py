"""How far there is to read, and whether a role reads at all: Faust tells neither."""

from collections.abc import Mapping
from typing import cast

from streams.edge.app import EdgeApp
from streams.edge.roles import Role
from streams.edge.touchpoints import is_recovered
from streams.edge.touchpoints_group import fetch_positions
from streams.edge.transport import BatchConsumer
from streams.runtime.log import Place
from streams.runtime.stalls import Reading


def log_ends(app: EdgeApp) -> dict[Place, int]:
    """The ends of the assigned logs as far as they are known; without changelogs.

    A log may end with what is no record, such as the marks of transactions. So the end of a log that was fetched whole
    is that of the last record that was handed over.
    """
    consumer = cast(BatchConsumer, app.consumer)
    ends = {}
    for tp, position in fetch_positions(app).items():
        end = None if tp.topic in app.tables.changelog_topics else consumer.highwater(tp)
        if end is not None:
            is_behind = position is None or position < end
            ends[Place(*tp)] = end if is_behind else consumer.handed_over.get(tp, 0)
    return ends


def lag_of(role: Role) -> dict[Place, int]:
    """The records that each assigned partition has left to read, as far as its end is known."""
    ends = log_ends(role.app)
    return {place: max(ends.get(place, offset) - offset, 0) for place, offset in role.cursor.positions().items()}


def is_ready(app: EdgeApp) -> bool:
    """Whether the app reads its topics: joined, and recovered."""
    return is_recovered(app) and not app.rebalancing


def reading_of(role: Role) -> Reading:
    """What a role has to read."""
    waiting = cast(BatchConsumer, role.app.consumer).waiting(role.cursor.taken)
    return Reading(log_ends(role.app), {Place(*tp) for tp in waiting})


def reading_if_ready(role: Role) -> Reading | None:
    """What a role has to read; None while it reads nothing."""
    return reading_of(role) if is_ready(role.app) else None


def ends_to_reach(role: Role) -> Mapping[Place, int] | None:
    """The ends of the logs that a role reads; None while it reads none."""
    return log_ends(role.app) if is_ready(role.app) else None
