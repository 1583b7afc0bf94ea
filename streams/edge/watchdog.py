"""What Faust does not watch itself: a recovery that died in silence, and how far there is to read."""

import asyncio
from collections.abc import Mapping

from streams.cli.errors import UserError
from streams.edge.app import EdgeApp
from streams.edge.limits import RECOVERY_STALL_S
from streams.edge.roles import Role
from streams.edge.touchpoints import is_recovered
from streams.runtime.log import Place
from streams.runtime.stalls import STALL_CHECK_S


class RecoveryStalledError(UserError):
    """A rebalance or the recovery after it made no progress for a long time."""


def log_ends(app: EdgeApp) -> dict[Place, int]:
    """The ends of the assigned logs as far as they are known; without changelogs."""
    consumer = app.consumer
    known = {tp: consumer.highwater(tp) for tp in consumer.assignment() if tp.topic not in app.tables.changelog_topics}
    return {Place(*tp): end for tp, end in known.items() if end is not None}


def is_ready(app: EdgeApp) -> bool:
    """Whether the app reads its topics: joined, and recovered."""
    return is_recovered(app) and not app.rebalancing


def ends_to_reach(role: Role) -> Mapping[Place, int] | None:
    """The ends of the logs that a role reads; None while it reads none."""
    return log_ends(role.app) if is_ready(role.app) else None


async def watch_recovery(role: Role) -> None:
    """End with an error if the app is not ready and gets no nearer to it; else runs until cancelled."""
    seen: tuple[int, int] | None = None
    stalled_s = 0.0
    while True:
        await asyncio.sleep(STALL_CHECK_S)
        progress = role.app.rebalancing_count, role.recovered_records()
        stalled_s = stalled_s + STALL_CHECK_S if progress == seen and not is_ready(role.app) else 0.0
        seen = progress
        if stalled_s >= RECOVERY_STALL_S:
            raise RecoveryStalledError(
                f"{role.app.conf.id}: neither joined nor recovered within {RECOVERY_STALL_S:.0f} s"
                f" (rebalances: {progress[0]}, changelog records read: {progress[1]})"
            )
