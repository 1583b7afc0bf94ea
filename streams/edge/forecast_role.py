"""The forecast role: samples in, predictions out, one pipeline per samples partition.

The state of a partition is durable together with the offset it has reached, on the changelog of a Faust table. After
every assignment it is restored from there, and reading begins at the offset it names, whatever the group has
committed: so no sample is applied twice and none is left out.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from faust.types import TP

from streams.checkpoint import CheckpointBook, CorruptCheckpointError, restore
from streams.edge.app import EdgeApp, build_app
from streams.edge.batches import RecordBatch
from streams.edge.checkpointing import PartitionState, write_checkpoint
from streams.edge.cursor import Cursor
from streams.edge.fatal import Fatal
from streams.edge.figures import PartitionView, RestoreFigures
from streams.edge.intake import take_in
from streams.edge.limits import FINAL_CHECKPOINT_S, TransportLimits
from streams.edge.outbox import Outbox
from streams.edge.positions import positions_within
from streams.edge.roles import Pipeline, RoleName
from streams.edge.state_table import RECOVERY_BUFFER, StateTable
from streams.edge.transport import BatchSchema, Bounds
from streams.settings.model import Settings

TABLE_NAME = "state"  # with the app's id it makes settings.topics.state


class ForecastRole:
    """One agent over the samples topic, a pipeline for each of its partitions, and the task that checkpoints."""

    name = RoleName.FORECAST
    has_state = True

    def __init__(
        self, settings: Settings, make_pipeline: Callable[[int], Pipeline], limits: TransportLimits, fatal: Fatal
    ) -> None:
        self.app: EdgeApp = build_app(settings, self.name, limits)
        self.app.role = self
        self.cursor = Cursor()
        self._totals: Counter[str] = Counter()
        self._settings = settings
        self._make_pipeline = make_pipeline
        self._fatal = fatal
        self.outbox = Outbox(
            self.app, limits.unacknowledged_sends, lambda error: fatal.report(error, "publishing predictions")
        )
        self._partitions: dict[int, PartitionState] = {}
        self._table = self._declare_table()
        self._declare_agent()
        self.app.on_rebalance_complete.connect(self._on_recovered, weak=False)
        self.app.on_partitions_revoked.connect(self._on_revoked, weak=False)

    @property
    def totals(self) -> Counter[str]:
        """What was done since the start."""
        return self._totals

    def _declare_table(self) -> StateTable:
        table = self.app.Table(
            TABLE_NAME,
            key_type=bytes,
            value_type=bytes,
            partitions=self._settings.topics.partitions,
            recovery_buffer_size=RECOVERY_BUFFER,
        )
        return cast(StateTable, table)

    def _declare_agent(self) -> None:
        topic = self.app.topic(self._settings.topics.samples, schema=BatchSchema(), acks=False)

        @self.app.agent(topic, name="forecast")
        async def forecast(batches: Any) -> None:
            async for batch in batches:
                try:
                    await self._apply(batch)
                except Exception as error:
                    await self._fatal.halt(error, f"forecast of {batch.tp.topic}[{batch.tp.partition}]")

    async def _apply(self, batch: RecordBatch) -> None:
        state = self._partitions.get(batch.tp.partition)
        if state is None:
            return  # of an assignment that is over
        async with state.applying:
            records = await take_in(batch, self.cursor, self.app)
            if records:
                outputs = state.pipeline.step(records)
                # Our topics have the same partitions: what is said of an entity stays on the entity's.
                await self.outbox.send(outputs, state.sends, state.partition)
                self._totals.update(records=len(records))
                self._totals.update([output.topic.rpartition(".")[2] for output in outputs])

    async def _on_recovered(self, *_: Any, **__: Any) -> None:
        """Build the pipelines of the assigned partitions from their changelogs: after every assignment, all of them."""
        samples = self._settings.topics.samples
        assigned = [tp.partition for tp in self.app.consumer.assignment() if tp.topic == samples]
        try:
            self._partitions = {partition: self._restored(partition) for partition in assigned}
            self._table.recovered.done()
        except Exception as error:
            await self._fatal.halt(error, "restoring the state")

    def _restored(self, partition: int) -> PartitionState:
        try:
            restored = restore(self._table.recovered.take(partition))
        except CorruptCheckpointError as error:
            raise CorruptCheckpointError(f"{self._settings.topics.state}[{partition}]: {error}") from None
        pipeline = self._make_pipeline(partition)
        if restored:
            pipeline.load(restored.sections)
            assert pipeline.next_offset == restored.manifest.next_offset
        return PartitionState(partition, pipeline, CheckpointBook(restored))

    async def starting_offsets(self, committed: Mapping[TP, int | None], bounds: Bounds) -> Mapping[TP, int]:
        """Where the restored states say; the group's own offsets only show progress to others."""
        starts = {
            tp: self._partitions[tp.partition].pipeline.next_offset
            for tp in committed
            if tp.partition in self._partitions
        }
        try:
            starts = positions_within(starts, bounds, f"the state on {self._settings.topics.state}")
        except Exception as error:
            await self._fatal.halt(error, "resuming the forecast")
        self.cursor.start(starts)
        return starts

    async def run(self) -> None:
        """Checkpoint every partition once per interval, one after the other, evenly spread."""
        interval_s = self._settings.worker.checkpoint_interval_ms / 1000
        while True:
            states = list(self._partitions.values())
            pause_s = interval_s / max(len(states), 1)
            for state in states:
                await asyncio.sleep(pause_s)
                if self._partitions.get(state.partition) is state:
                    await self._checkpoint(state)
            if not states:
                await asyncio.sleep(pause_s)

    async def _checkpoint(self, state: PartitionState) -> None:
        if await write_checkpoint(state, self.app, self.outbox, self._settings.topics):
            self._totals.update(checkpoints=1)

    async def finish(self) -> None:
        """Take no more records, and checkpoint every partition: on revocation and on shutdown."""
        self.cursor.start({})
        states = list(self._partitions.values())
        async with asyncio.timeout(FINAL_CHECKPOINT_S):
            await asyncio.gather(*[self._checkpoint(state) for state in states])
        self._partitions.clear()

    async def _on_revoked(self, *_: Any, **__: Any) -> None:
        try:
            await self.finish()
        except Exception as error:
            # Part of the checkpoint may still be on its way: only a process that ends can't do harm with it later.
            self._fatal.report(error, "the checkpoint before a rebalance")

    def oldest_checkpoint_s(self) -> float | None:
        """The age of the oldest checkpoint among the partitions."""
        now = time.monotonic()
        return max([now - state.durable_at for state in self._partitions.values()], default=0.0)

    def restored(self) -> RestoreFigures:
        """What was read back from the changelog since the start."""
        return self._table.recovered.figures()

    def partitions(self) -> Sequence[PartitionView]:
        """The partitions whose state it holds."""
        now, states = time.monotonic(), self._partitions.values()
        return [PartitionView(state.partition, state.pipeline.figures(), now - state.durable_at) for state in states]
