"""Whether the worker lives, and whether it is ready, which is another question.

It lives while its event loop answers and nothing has happened that ends it. It is ready while every role has what it
asked the group for, has its state back, and gets on with what there is to read.
"""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from streams.edge.absent import words_of
from streams.edge.fatal import Fatal
from streams.edge.limits import READY_STANDSTILL_S
from streams.edge.roles import Role
from streams.edge.standstill import Standstill
from streams.edge.touchpoints import is_recovered
from streams.edge.touchpoints_group import absent_topics, is_assigned
from streams.edge.watchdog import is_ready, lag_of


class RoleHealth(NamedTuple):
    """A role, and since when which of its partitions stand still."""

    role: Role
    standstill: Standstill


class Health:
    """Answers to those who ask."""

    def __init__(self, roles: Sequence[RoleHealth], fatal: Fatal) -> None:
        self._roles = roles
        self._fatal = fatal

    def ending_for(self) -> str | None:
        """Why the process is about to end; None: it is not."""
        error = self._fatal.error
        return None if error is None else f"{type(error).__name__}: {error}"

    def readiness(self) -> dict[str, dict[str, Any]]:
        """Of each role: whether it is ready, what it waits for if it is not, and its lag once that is known."""
        return {str(one.role.name): self._of(one) for one in self._roles}

    def _of(self, one: RoleHealth) -> dict[str, Any]:
        waits_for = _waits_for(one) if self._fatal.error is None else "its end"
        lag = sum(lag_of(one.role).values()) if is_ready(one.role.app) else None
        return {"ready": waits_for is None, "waits_for": waits_for, "lag_records": lag}


def _waits_for(one: RoleHealth) -> str | None:
    app = one.role.app
    if app.contact.is_lost:
        return f"its consumer group, whose coordinator has been silent for {app.contact.silence_s():.0f} s"
    if not is_assigned(app):
        return "an assignment of partitions by its consumer group"
    if app.rebalancing or not is_recovered(app):
        return "its state, which is being restored" if one.role.has_state else "its place in the logs"
    absent = absent_topics(app)
    if absent:
        return words_of(absent)
    rebuilding = [view.partition for view in one.role.partitions() if view.is_rebuilding]
    if rebuilding:
        numbers = ", ".join(map(str, sorted(rebuilding)))
        return f"its state of partitions {numbers}, which is rebuilt from its log"
    now_s = time.monotonic()
    still = [place for place, since_s in one.standstill.since().items() if now_s - since_s >= READY_STANDSTILL_S]
    if still:
        names = ", ".join([str(place) for place in sorted(still)])
        return f"records of {names}, which has more and delivers none"
    return None
