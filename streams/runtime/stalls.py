"""Batches that were lost and that no later batch shows to be missing: found by time, and sought again."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from streams.runtime.cursor import Cursor
from streams.runtime.intake import read_again
from streams.runtime.log import Log, Place

STALL_CHECK_S = 1.0
STALL_CHECKS = 3
"""A partition that lags and delivers nothing over so many checks is sought again: its last batch was lost."""
STALL_CHECKS_BESIDE_OTHERS = 15
"""And over so many while others go on: its turn may only come later."""


class Reading(NamedTuple):
    """What there is to read: the ends of the logs, and the partitions whose next batch only waits for its turn."""

    ends: Mapping[Place, int]
    waiting: Collection[Place] = ()


class StallFinder:
    """Finds partitions that have more to read and deliver nothing.

    Queues are emptied around a rebalance. A batch lost so is noticed by the gap before the next one, but the last
    batch of a log has no next one. Sought again, it comes; if it does not, the interval doubles each time.

    A worker that has more to do than it can is another matter: there a batch may wait for minutes, and to fetch it
    again would only be more to do. So what waits for its turn is left alone as long as batches are taken at all.
    """

    def __init__(self) -> None:
        self._offsets: dict[Place, int] = {}
        self._taken = 0
        self._checks: Counter[Place] = Counter()
        self._patience: Counter[Place] = Counter()

    def stalled(self, positions: dict[Place, int], reading: Reading, taken: int) -> Iterator[Place]:
        """The partitions to seek again, at one check; `taken` is the number of the last batch that was taken."""
        in_turn = reading.waiting if taken != self._taken else ()
        others_go_on = any(offset != self._offsets.get(place, offset) for place, offset in positions.items())
        checks = STALL_CHECKS_BESIDE_OTHERS if others_go_on else STALL_CHECKS
        for place, offset in positions.items():
            if offset >= reading.ends.get(place, 0) or offset != self._offsets.get(place) or place in in_turn:
                self._checks.pop(place, None)
                self._patience.pop(place, None)
                continue
            self._checks[place] += 1
            if self._checks[place] >= checks << self._patience[place]:
                self._patience[place] += 1
                self._checks[place] = 0
                yield place
        self._offsets, self._taken = positions, taken


async def mend_stalls(cursor: Cursor, of: Log, reading: Callable[[], Reading | None]) -> None:
    """Seek stalled partitions again; runs until cancelled. `reading` gives None while nothing is to be read."""
    finder = StallFinder()
    while True:
        await asyncio.sleep(STALL_CHECK_S)
        now = reading()
        if now is None:
            continue
        positions = cursor.positions()
        for place in finder.stalled(positions, now, cursor.taken):
            await read_again(place, positions[place], cursor, of)
