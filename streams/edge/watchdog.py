"""What Faust does not watch itself: batches it lost, and a recovery that died in silence."""

import asyncio
from collections import Counter
from collections.abc import Iterator

from faust.types import TP

from streams.cli.errors import UserError
from streams.edge.app import EdgeApp
from streams.edge.intake import read_again
from streams.edge.limits import RECOVERY_STALL_S, STALL_CHECK_S, STALL_CHECKS
from streams.edge.roles import Role
from streams.edge.touchpoints import is_recovered


class RecoveryStalledError(UserError):
    """A rebalance or the recovery after it made no progress for a long time."""


class StallFinder:
    """Finds partitions that have more to read and deliver nothing.

    Faust empties its queues around a rebalance. A batch lost so is noticed by the gap before the next one, but the
    last batch of a log has no next one. Sought again, it comes; if it does not, the interval doubles each time.
    """

    def __init__(self) -> None:
        self._offsets: dict[TP, int] = {}
        self._checks: Counter[TP] = Counter()
        self._patience: dict[TP, int] = {}

    def stalled(self, positions: dict[TP, int], ends: dict[TP, int]) -> Iterator[TP]:
        """The partitions to seek again, at one check."""
        for tp, offset in positions.items():
            if offset >= ends.get(tp, 0) or offset != self._offsets.get(tp):
                self._checks.pop(tp, None)
                self._patience.pop(tp, None)
                continue
            self._checks[tp] += 1
            if self._checks[tp] >= self._patience.get(tp, STALL_CHECKS):
                self._patience[tp] = 2 * self._patience.get(tp, STALL_CHECKS)
                self._checks[tp] = 0
                yield tp
        self._offsets = positions


def log_ends(app: EdgeApp) -> dict[TP, int]:
    """The ends of the assigned logs as far as they are known; without changelogs."""
    consumer = app.consumer
    known = {tp: consumer.highwater(tp) for tp in consumer.assignment() if tp.topic not in app.tables.changelog_topics}
    return {tp: end for tp, end in known.items() if end is not None}


def is_ready(app: EdgeApp) -> bool:
    """Whether the app reads its topics: joined, and recovered."""
    return is_recovered(app) and not app.rebalancing


async def mend_stalls(role: Role) -> None:
    """Seek stalled partitions again; runs until cancelled."""
    finder = StallFinder()
    while True:
        await asyncio.sleep(STALL_CHECK_S)
        if not is_ready(role.app):
            continue
        positions = role.cursor.positions()
        for tp in finder.stalled(positions, log_ends(role.app)):
            await read_again(tp, positions[tp], role.cursor, role.app)


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
