"""The ingest role: source topics and events in, blocks of samples, events and rejects out. It has no state.

A batch's offsets are committed once every record made of it, and of all batches before it in its partition, is
acknowledged. Nothing waits for that: acknowledgements are looked at once a second, and the outbox holds the agent back
while too many are outstanding.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from faust.types import TP

from streams.edge.app import EdgeApp, build_app
from streams.edge.batches import RecordBatch
from streams.edge.cursor import Cursor
from streams.edge.fatal import Fatal
from streams.edge.figures import PartitionView, RestoreFigures
from streams.edge.intake import take_in
from streams.edge.limits import COMMIT_INTERVAL_S, FINAL_CHECKPOINT_S, TransportLimits
from streams.edge.outbox import Outbox, Sends, acknowledged
from streams.edge.positions import positions_within
from streams.edge.roles import IngestStep, RoleName
from streams.edge.touchpoints import commit_offsets
from streams.edge.transport import BatchSchema, Bounds
from streams.settings.model import Settings


class Sent(NamedTuple):
    """A batch whose outputs were handed to the producer; it counts once `sends` is empty."""

    next_offset: int
    sends: Sends


class IngestRole:
    """One agent over all source topics and the events topic, and the task that commits."""

    name = RoleName.INGEST
    has_state = False

    def __init__(self, settings: Settings, ingest: IngestStep, limits: TransportLimits, fatal: Fatal) -> None:
        self.app: EdgeApp = build_app(settings, self.name, limits)
        self.app.role = self
        self.cursor = Cursor()
        self._ingest = ingest
        self._fatal = fatal
        self.outbox = Outbox(
            self.app, limits.unacknowledged_sends, lambda error: fatal.report(error, "publishing samples")
        )
        self._records = 0
        self._sent: dict[TP, deque[Sent]] = {}
        self._declare_agent([*[source.topic for source in settings.sources], settings.topics.events])
        self.app.on_partitions_revoked.connect(self._on_revoked, weak=False)

    @property
    def totals(self) -> Counter[str]:
        """What was done since the start."""
        rejects = sum(self._ingest.counts.values())
        return Counter(records=self._records, samples=self._ingest.samples, rejects=rejects)

    def _declare_agent(self, topics: list[str]) -> None:
        topic = self.app.topic(*topics, schema=BatchSchema(), acks=False)

        @self.app.agent(topic, name="ingest")
        async def ingest(batches: Any) -> None:
            async for batch in batches:
                try:
                    await self._apply(batch)
                except Exception as error:
                    await self._fatal.halt(error, f"ingest of {batch.tp.topic}[{batch.tp.partition}]")

    async def _apply(self, batch: RecordBatch) -> None:
        records = await take_in(batch, self.cursor, self.app)
        if not records:
            return
        outputs = self._ingest.step(batch.tp.topic, batch.tp.partition, records)
        self._records += len(records)
        sends: Sends = set()
        await self.outbox.send(outputs, sends)
        self._sent.setdefault(batch.tp, deque()).append(Sent(records[-1].offset + 1, sends))

    async def starting_offsets(self, committed: Mapping[TP, int | None], bounds: Bounds) -> Mapping[TP, int]:
        """The group's offsets, or the beginning."""
        starts = {tp: offset or 0 for tp, offset in committed.items()}
        try:
            starts = positions_within(starts, bounds, f"the consumer group {self.app.conf.id}")
        except Exception as error:
            await self._fatal.halt(error, "resuming ingest")
        self._sent.clear()
        self.cursor.start(starts)
        return starts

    async def run(self) -> None:
        """Commit what is acknowledged, once a second."""
        while True:
            await asyncio.sleep(COMMIT_INTERVAL_S)
            await self._commit()

    async def finish(self) -> None:
        """Take no more, wait for what is on its way, and commit it."""
        self.cursor.start({})
        outstanding = [send for batches in self._sent.values() for batch in batches for send in batch.sends]
        await asyncio.wait_for(acknowledged(outstanding), FINAL_CHECKPOINT_S)
        await self._commit()

    async def _on_revoked(self, *_: Any, **__: Any) -> None:
        try:
            await self.finish()
        except Exception as error:
            self._fatal.report(error, "committing before a rebalance")

    async def _commit(self) -> None:
        offsets = {tp: offset for tp, batches in self._sent.items() if (offset := _acknowledged_offset(batches))}
        if offsets:
            await commit_offsets(self.app, offsets)

    def oldest_checkpoint_s(self) -> float | None:
        """None: there is no state."""
        return None

    def restored(self) -> RestoreFigures:
        """Nothing."""
        return RestoreFigures()

    def partitions(self) -> Sequence[PartitionView]:
        """None."""
        return ()


def _acknowledged_offset(batches: deque[Sent]) -> int | None:
    """Take the acknowledged batches off the front; the offset after the last of them."""
    offset = None
    while batches and not batches[0].sends:
        offset = batches.popleft().next_offset
    return offset
