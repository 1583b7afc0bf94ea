"""Topics that a role asks its group for and the broker does not have: it is not ready until somebody makes them."""

import asyncio
from collections.abc import Collection
from typing import NoReturn

from structlog import get_logger

from streams.edge.reporting import progress_of
from streams.edge.roles import Role
from streams.edge.touchpoints_group import absent_topics, is_assigned
from streams.edge.watchdog import is_ready

log = get_logger(__name__)

LOOK_EVERY_S = 3.0
FIRST_LOOKS_EVERY_S = 0.2
"""Until something is told: how long a start takes is measured by it."""


def words_of(topics: Collection[str]) -> str:
    """What a role waits for that lacks these topics."""
    names = ", ".join([repr(topic) for topic in sorted(topics)])
    return f"topic{'' if len(topics) == 1 else 's'} {names}, which the broker does not have"


async def tell_readiness(role: Role) -> NoReturn:
    """Log, once each, that the role is ready, and which topics it waits for; runs until cancelled."""
    told: set[str] | None = None
    while True:
        await asyncio.sleep(FIRST_LOOKS_EVERY_S if told is None else LOOK_EVERY_S)
        if not is_assigned(role.app) or not is_ready(role.app):
            continue
        absent = absent_topics(role.app)
        if absent == told:
            continue
        if absent:
            log.warning(f"{role.name} not ready", waits_for=words_of(absent))
        else:
            log.info(f"{role.name} ready", **progress_of(role))
        told = absent
