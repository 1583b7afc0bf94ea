"""The ingest role's procedures: source topics and events in, blocks of samples, events and rejects out, without state.

A batch's offsets are committed once every record made of it, and of all batches before it in its partition, is
acknowledged. Nothing waits for that: acknowledgements are looked at now and then, and the outbox holds the sender back
while too many are outstanding.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping
from math import ceil
from typing import NamedTuple

from streams.runtime.batches import RecordBatch
from streams.runtime.cursor import Cursor
from streams.runtime.intake import take_in
from streams.runtime.log import Bounds, Log, Place
from streams.runtime.outbox import Outbox, Sends, acknowledged
from streams.runtime.parts import IngestStep
from streams.runtime.positions import positions_within
from streams.runtime.silences import SilenceFinder

COMMIT_INTERVAL_S = 1.0
"""How often what is acknowledged is committed; after a crash so much is read again, and skipped by the pipeline."""


class Sent(NamedTuple):
    """A batch whose outputs were handed over; it counts once `sends` is empty."""

    next_offset: int
    sends: Sends


class Ingesting:
    """The assigned source partitions: what was sent of them, and what may be committed.

    Parameters
    ----------
    of, group
        The log, and the group's name for people.
    ingest, outbox
        What makes the records, and what sends them.
    silent_after_s
        How long a partition of each source topic says nothing until the pipelines are told so.
    """

    def __init__(
        self, of: Log, ingest: IngestStep, outbox: Outbox, group: str, silent_after_s: Mapping[str, float]
    ) -> None:
        self.cursor = Cursor()
        self._log = of
        self._ingest = ingest
        self._outbox = outbox
        self._group = group
        self._records = 0
        self._sent: dict[Place, deque[Sent]] = {}
        checks = {topic: ceil(seconds / COMMIT_INTERVAL_S) for topic, seconds in silent_after_s.items()}
        self._silences = SilenceFinder(checks)
        self._topic_ids: dict[Place, str] = {}

    @property
    def totals(self) -> Counter[str]:
        """What was done since the start."""
        rejects = sum(self._ingest.counts.values())
        return Counter(records=self._records, samples=self._ingest.samples, rejects=rejects)

    async def apply(self, batch: RecordBatch) -> None:
        """Send what is made of a batch."""
        records = await take_in(batch, self.cursor, self._log)
        if not records:
            return
        outputs = self._ingest.step(*batch.place, records, self._topic_ids[batch.place])
        self._records += len(records)
        sends: Sends = {}
        await self._outbox.send(outputs, sends)
        self._sent.setdefault(batch.place, deque()).append(Sent(records[-1].offset + 1, sends))

    def starting_offsets(self, committed: Mapping[Place, int | None], bounds: Bounds) -> dict[Place, int]:
        """The group's offsets, or the beginning.

        Raises
        ------
        LogTooShortError
            If a log ends before the group's offset.
        """
        starts = {place: offset or 0 for place, offset in committed.items()}
        starts = positions_within(starts, bounds, f"the consumer group {self._group}")
        self._sent.clear()
        self._topic_ids = {place: bounds[place].topic_id for place in starts}
        self.cursor.start(starts)
        return starts

    async def run(self, ends: Callable[[], Mapping[Place, int] | None]) -> None:
        """Commit what is acknowledged and tell who is silent, again and again; runs until cancelled.

        `ends` gives the ends of the logs, None while nothing is to be read.
        """
        while True:
            await asyncio.sleep(COMMIT_INTERVAL_S)
            await self._commit()
            await self._tell_silences(ends() or {})

    async def _tell_silences(self, ends: Mapping[Place, int]) -> None:
        for place, next_offset in self._silences.silent(self.cursor.positions(), ends):
            # Nothing is lost with them: the next worker finds them again.
            await self._outbox.send(self._ingest.silence(*place, next_offset, self._topic_ids[place]), {})

    async def finish(self, deadline_s: float) -> None:
        """Take no more, wait for what is on its way, and commit it.

        Raises
        ------
        TimeoutError
            If that took longer than `deadline_s`.
        """
        self.cursor.start({})
        outstanding = [send for batches in self._sent.values() for batch in batches for send in batch.sends]
        await asyncio.wait_for(acknowledged(outstanding), deadline_s)
        await self._commit()

    async def _commit(self) -> None:
        offsets = {place: offset for place, sent in self._sent.items() if (offset := _acknowledged_offset(sent))}
        if offsets:
            await self._log.commit(offsets)


def _acknowledged_offset(batches: deque[Sent]) -> int | None:
    """Take the acknowledged batches off the front; the offset after the last of them."""
    offset = None
    while batches and not batches[0].sends:
        offset = batches.popleft().next_offset
    return offset
