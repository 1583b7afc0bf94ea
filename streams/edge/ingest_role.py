"""The ingest role on Faust: `streams.runtime.ingesting` with an agent and a loop."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from streams.edge.app import EdgeApp, build_app
from streams.edge.fatal import Fatal
from streams.edge.kafka_log import KafkaLog
from streams.edge.limits import FINAL_CHECKPOINT_S, TransportLimits
from streams.edge.roles import RoleName
from streams.edge.transport import BatchSchema
from streams.edge.watchdog import ends_to_reach
from streams.runtime.figures import PartitionView, RestoreFigures
from streams.runtime.ingesting import Ingesting
from streams.runtime.log import Bounds, Place
from streams.runtime.outbox import Outbox
from streams.runtime.parts import IngestStep
from streams.settings.model import Settings


class IngestRole:
    """One agent over all source topics and the events topic."""

    name = RoleName.INGEST
    has_state = False

    def __init__(self, settings: Settings, ingest: IngestStep, limits: TransportLimits, fatal: Fatal) -> None:
        self.app: EdgeApp = build_app(settings, self.name, limits)
        self.app.role = self
        self.log = KafkaLog(self.app)
        self._fatal = fatal
        self.outbox = Outbox(
            self.log, limits.unacknowledged_sends, lambda error: fatal.report(error, "publishing samples")
        )
        silent_after_s = {source.topic: source.silent_after_ms / 1000 for source in settings.sources}
        self._ingesting = Ingesting(self.log, ingest, self.outbox, self.app.conf.id, silent_after_s)
        self.cursor = self._ingesting.cursor
        self._declare_agent([*[source.topic for source in settings.sources], settings.topics.events])
        self.app.on_partitions_revoked.connect(self._on_revoked, weak=False)

    @property
    def totals(self) -> Counter[str]:
        """What was done since the start."""
        return self._ingesting.totals

    def _declare_agent(self, topics: list[str]) -> None:
        topic = self.app.topic(*topics, schema=BatchSchema(), acks=False)

        @self.app.agent(topic, name="ingest")
        async def ingest(batches: Any) -> None:
            async for batch in batches:
                try:
                    await self._ingesting.apply(batch)
                except Exception as error:
                    await self._fatal.halt(error, f"ingest of {batch.place}")

    async def starting_offsets(self, committed: Mapping[Place, int | None], bounds: Bounds) -> Mapping[Place, int]:
        """The group's offsets, or the beginning."""
        try:
            return self._ingesting.starting_offsets(committed, bounds)
        except Exception as error:
            await self._fatal.halt(error, "resuming ingest")

    async def run(self) -> None:
        """Commit what is acknowledged, and tell who is silent."""
        await self._ingesting.run(lambda: ends_to_reach(self))

    async def finish(self) -> None:
        """Take no more, wait for what is on its way, and commit it."""
        await self._ingesting.finish(FINAL_CHECKPOINT_S)

    async def _on_revoked(self, *_: Any, **__: Any) -> None:
        try:
            await self.finish()
        except Exception as error:
            self._fatal.report(error, "committing before a rebalance")

    def oldest_checkpoint_s(self) -> float | None:
        """None: there is no state."""
        return None

    def restored(self) -> RestoreFigures:
        """Nothing."""
        return RestoreFigures()

    def partitions(self) -> Sequence[PartitionView]:
        """None."""
        return ()
