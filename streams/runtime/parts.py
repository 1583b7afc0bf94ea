"""What the runtime needs from the pure code."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol, Self

from streams.pipeline.figures import PipelineFigures
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason


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

    def step(
        self, topic: str, partition: int, records: Sequence[InputRecord], topic_id: str = ""
    ) -> list[OutputRecord]: ...

    def silence(self, topic: str, partition: int, next_offset: int, topic_id: str = "") -> list[OutputRecord]:
        """What to tell the pipelines of a source partition that was read to before `next_offset` and says nothing."""
        ...


class Pipeline(Protocol):
    """A partition of a log in, records out; `streams.pipeline` and `streams.correlate` have the real ones."""

    @property
    def next_offset(self) -> int:
        """The first offset not applied yet."""
        ...

    def step(self, records: Sequence[InputRecord]) -> list[OutputRecord]: ...

    def dump(self) -> dict[str, bytes]: ...

    def load(self, sections: Mapping[str, bytes]) -> None: ...

    def can_mend(self, damaged: Collection[str]) -> bool:
        """Whether the series of these sections alone are lost, so that all others can go on as they are."""
        ...

    def mend(self, sections: Mapping[str, bytes], damaged: Collection[str], rebuilt: Self) -> int:
        """Load what is whole; take the series of the damaged sections from a pipeline that read the log again.

        Returns the number of these series.
        """
        ...

    def figures(self) -> PipelineFigures:
        """What to tell those who watch it."""
        ...


class Engine(NamedTuple):
    """Makes the pure parts: one ingest, and one pipeline per partition of the samples and of the signals topic."""

    ingest: Callable[[], IngestStep]
    pipeline: Callable[[int], Pipeline]
    correlate: Callable[[int], Pipeline]
