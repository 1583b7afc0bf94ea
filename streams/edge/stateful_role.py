"""A role with state on Faust: `streams.runtime.processing` with an agent, a table for its state, and a loop."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from streams.edge.app import EdgeApp, build_app
from streams.edge.fatal import Fatal
from streams.edge.kafka_log import KafkaLog
from streams.edge.limits import FINAL_CHECKPOINT_S, TransportLimits
from streams.edge.roles import RoleName
from streams.edge.state_table import RECOVERY_BUFFER, StateTable
from streams.edge.transport import BatchSchema
from streams.runtime.cadence import Cadence
from streams.runtime.figures import PartitionView, RestoreFigures
from streams.runtime.log import Bounds, Place
from streams.runtime.outbox import Outbox
from streams.runtime.parts import Pipeline
from streams.runtime.processing import Processing
from streams.settings.model import Settings

TABLE_NAME = "state"  # with the app's id it makes the name of the state topic
TOKEN_BYTES = 4


class Work(NamedTuple):
    """What a role with state does: the topic it reads, where its state goes, and what makes its pipelines."""

    name: RoleName
    input_topic: str
    state_topic: str
    make_pipeline: Callable[[int], Pipeline]


class StatefulRole:
    """One agent over a topic, and the table whose changelog holds the state."""

    has_state = True

    def __init__(self, work: Work, settings: Settings, limits: TransportLimits, fatal: Fatal) -> None:
        self.name, self._input_topic = work.name, work.input_topic
        self.app: EdgeApp = build_app(settings, self.name, limits)
        self.app.role = self
        self.log = KafkaLog(self.app)
        self._settings = settings
        self._fatal = fatal
        self.outbox = Outbox(
            self.log, limits.unacknowledged_sends, lambda error: fatal.report(error, f"publishing of {work.name}")
        )
        cadence = Cadence(settings.worker.checkpoint_interval_ms / 1000, settings.worker.checkpoint_bytes_per_sample)
        self._processing = Processing(
            self.log,
            work.input_topic,
            work.state_topic,
            work.make_pipeline,
            self.outbox,
            _token,
            cadence,
            rebuilds_other=settings.worker.other_state == "rebuild",
        )
        self.cursor = self._processing.cursor
        self._table = self._declare_table()
        self._declare_agent()
        self.app.on_rebalance_complete.connect(self._on_recovered, weak=False)
        self.app.on_partitions_revoked.connect(self._on_revoked, weak=False)

    @property
    def totals(self) -> Counter[str]:
        """What was done since the start."""
        return self._processing.totals

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
        topic = self.app.topic(self._input_topic, schema=BatchSchema(), acks=False)

        @self.app.agent(topic, name=str(self.name))
        async def process(batches: Any) -> None:
            async for batch in batches:
                try:
                    await self._processing.apply(batch)
                except Exception as error:
                    await self._fatal.halt(error, f"{self.name} of {batch.place}")

    async def _on_recovered(self, *_: Any, **__: Any) -> None:
        assigned = [tp.partition for tp in self.app.consumer.assignment() if tp.topic == self._input_topic]
        try:
            self._processing.restore(assigned, self._table.recovered.take)
            self._table.recovered.done()
        except Exception as error:
            await self._fatal.halt(error, "restoring the state")

    async def starting_offsets(self, committed: Mapping[Place, int | None], bounds: Bounds) -> Mapping[Place, int]:
        """Where the restored states say."""
        try:
            return self._processing.starting_offsets(committed, bounds)
        except Exception as error:
            await self._fatal.halt(error, f"resuming {self.name}")

    async def run(self) -> None:
        """Checkpoint."""
        await self._processing.run()

    async def finish(self) -> None:
        """Take no more records, and checkpoint every partition."""
        await self._processing.finish(FINAL_CHECKPOINT_S)

    async def _on_revoked(self, *_: Any, **__: Any) -> None:
        try:
            await self.finish()
        except Exception as error:
            # Part of the checkpoint may still be on its way: only a process that ends sends nothing of it later.
            self._fatal.report(error, "the checkpoint before a rebalance")

    def oldest_checkpoint_s(self) -> float | None:
        """The age of the oldest checkpoint among the partitions."""
        return self._processing.oldest_checkpoint_s(_now_s())

    def restored(self) -> RestoreFigures:
        """What was read back from the changelog since the start."""
        return self._table.recovered.figures()

    def partitions(self) -> Sequence[PartitionView]:
        """The partitions whose state it holds."""
        return self._processing.views(_now_s())


def _token() -> str:
    return secrets.token_hex(TOKEN_BYTES)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
