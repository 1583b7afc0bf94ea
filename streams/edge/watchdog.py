"""What Faust does not watch itself: batches that it lost."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import cast

from faust.types import TP

from streams.edge.app import EdgeApp
from streams.edge.intake import read_again
from streams.edge.limits import STALL_CHECK_S, STALL_CHECKS
from streams.edge.roles import Role
from streams.edge.touchpoints import is_recovered
from streams.edge.touchpoints_group import fetch_positions
from streams.edge.transport import BatchConsumer


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
    """The ends of the assigned logs as far as they are known; without changelogs.

    A log may end with what is no record, such as the marks of transactions. So the end of a log that was fetched whole
    is that of the last record that was handed over.
    """
    consumer = cast(BatchConsumer, app.consumer)
    ends = {}
    for tp, position in fetch_positions(app).items():
        end = None if tp.topic in app.tables.changelog_topics else consumer.highwater(tp)
        if end is not None:
            ends[tp] = end if position is None or position < end else consumer.handed_over.get(tp, 0)
    return ends


def lag_of(role: Role) -> dict[TP, int]:
    """The records that each assigned partition has left to read, as far as its end is known."""
    ends = log_ends(role.app)
    return {tp: max(ends.get(tp, offset) - offset, 0) for tp, offset in role.cursor.positions().items()}


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
