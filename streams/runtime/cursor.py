"""Which offset each partition must deliver next: what comes twice is cut off, what was lost is fetched again.

Between the broker and an agent, batches can be lost (queues are emptied around a rebalance) and can come again
(after a seek). A batch knows where reading stood before it, so a loss is told from a hole in the log itself, such as
a transaction marker or what compaction removed: a batch that starts behind the expected offset follows a lost one.
"""

from bisect import bisect_left
from collections.abc import Mapping
from typing import NamedTuple

from streams.records import InputRecord
from streams.runtime.batches import RecordBatch
from streams.runtime.log import Place


class Decision(NamedTuple):
    """What to do about a batch: apply `records`; seek to `seek_to` if it is not None."""

    records: list[InputRecord]
    seek_to: int | None = None


NOTHING = Decision([])


class Cursor:
    """The next offset of every assigned partition.

    Attributes
    ----------
    taken
        Number of the last batch that came to be applied.
    """

    def __init__(self) -> None:
        self.taken = 0
        self._next: dict[Place, int] = {}
        self._sought: dict[Place, int] = {}

    def start(self, positions: Mapping[Place, int]) -> None:
        """Forget everything, and begin at these positions: after an assignment."""
        self._next = dict(positions)
        self._sought.clear()

    def positions(self) -> dict[Place, int]:
        """The next offset of every assigned partition."""
        return dict(self._next)

    def skip_to(self, place: Place, offset: int) -> None:
        """Go on at a later offset: the log no longer holds what is before it."""
        self._next[place] = max(offset, self._next[place])

    def decide(self, batch: RecordBatch) -> Decision:
        """Decide about a batch, and move on past what is to be applied."""
        self.taken = max(self.taken, batch.number)
        expected = self._next.get(batch.place)
        if expected is None or batch.last_offset < expected:
            return NOTHING  # of an assignment that is over, or fetched again after a seek
        if batch.start_offset > expected:
            return self._seek_back(batch.place, expected)
        self._next[batch.place] = batch.last_offset + 1
        return Decision(_from_offset(batch.records, expected))

    def _seek_back(self, place: Place, expected: int) -> Decision:
        if self._sought.get(place) == expected:
            return NOTHING  # this one was on its way when we sought
        self._sought[place] = expected
        return Decision([], seek_to=expected)


def _from_offset(records: list[InputRecord], offset: int) -> list[InputRecord]:
    if records[0].offset >= offset:
        return records
    return records[bisect_left(records, offset, key=lambda record: record.offset) :]
