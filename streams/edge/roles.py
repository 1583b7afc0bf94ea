"""What the worker needs from a role."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from streams.edge.app import EdgeApp
from streams.edge.kafka_log import KafkaLog
from streams.runtime.cursor import Cursor
from streams.runtime.figures import PartitionView, RestoreFigures
from streams.runtime.log import Bounds, Place
from streams.runtime.outbox import Outbox


class RoleName(StrEnum):
    """The worker's roles; each is a consumer group of its own."""

    INGEST = "ingest"
    FORECAST = "forecast"
    CORRELATE = "correlate"


class Role(Protocol):
    """A role as the worker sees it."""

    name: RoleName
    has_state: bool
    app: EdgeApp
    log: KafkaLog
    cursor: Cursor
    outbox: Outbox

    @property
    def totals(self) -> Counter[str]:
        """What was done since the start, by name, for the report."""
        ...

    async def starting_offsets(self, committed: Mapping[Place, int | None], bounds: Bounds) -> Mapping[Place, int]: ...

    async def run(self) -> None:
        """The role's own loop: commits or checkpoints. Runs until cancelled."""
        ...

    async def finish(self) -> None:
        """Take no more records, and make durable what was done."""
        ...

    def oldest_checkpoint_s(self) -> float | None:
        """The age of the oldest state that is not durable yet; None for a role without state."""
        ...

    def restored(self) -> RestoreFigures:
        """What was read back from the changelog, also to tell a slow recovery from a dead one."""
        ...

    def partitions(self) -> Sequence[PartitionView]:
        """The partitions whose state it holds; none for a role without state."""
        ...
