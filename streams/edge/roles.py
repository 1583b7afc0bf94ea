"""What a role needs from the pure code, and what the worker needs from a role."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from faust.types import TP

from streams.edge.app import EdgeApp
from streams.edge.cursor import Cursor
from streams.edge.figures import PartitionView, RestoreFigures
from streams.edge.outbox import Outbox
from streams.edge.transport import Bounds
from streams.pipeline.figures import PipelineFigures
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason


class RoleName(StrEnum):
    """The worker's roles; each is a consumer group of its own."""

    INGEST = "ingest"
    FORECAST = "forecast"


class IngestStep(Protocol):
    """Source records in, blocks and rejects out; `streams.ingest` has the real one."""

    @property
    def counts(self) -> Counter[RejectReason]:
        """Rows refused so far, by reason."""
        ...

    @property
    def samples(self) -> int:
        """Samples taken so far."""
        ...

    def step(self, topic: str, partition: int, records: Sequence[InputRecord]) -> list[OutputRecord]: ...


class Pipeline(Protocol):
    """A samples partition in, predictions out; `streams.pipeline` has the real one."""

    @property
    def next_offset(self) -> int:
        """The first offset not applied yet."""
        ...

    def step(self, records: Sequence[InputRecord]) -> list[OutputRecord]: ...

    def dump(self) -> dict[str, bytes]: ...

    def load(self, sections: Mapping[str, bytes]) -> None: ...

    def figures(self) -> PipelineFigures:
        """What to tell those who watch it."""
        ...


class Engine(NamedTuple):
    """Makes the pure parts: one ingest, and one pipeline per samples partition."""

    ingest: Callable[[], IngestStep]
    pipeline: Callable[[int], Pipeline]


class Role(Protocol):
    """A role as the worker sees it."""

    name: RoleName
    has_state: bool
    app: EdgeApp
    cursor: Cursor
    outbox: Outbox

    @property
    def totals(self) -> Counter[str]:
        """What was done since the start, by name, for the report."""
        ...

    async def starting_offsets(self, committed: Mapping[TP, int | None], bounds: Bounds) -> Mapping[TP, int]: ...

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
