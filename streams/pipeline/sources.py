"""What a pipeline remembers of each source partition: how far it has read it, and how far its time has come."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from streams.blocks import SampleBlock


class SourceId(NamedTuple):
    """A partition of a telemetry topic."""

    topic: str
    partition: int


@dataclass(slots=True)
class _Progress:
    offset: int = -1
    row: int = -1
    watermark_ms: int | None = None

    def applied(self, block: SampleBlock) -> int:
        """The number of the block's rows that were applied before; (offset, row) increases, so they are its head."""
        if not len(block.offset) or block.offset[0] > self.offset:
            return 0
        seen = (block.offset < self.offset) | ((block.offset == self.offset) & (block.row <= self.row))
        return int(np.count_nonzero(seen))


class Sources:
    """High-water marks, so that nothing is applied twice, and watermarks, which move event time."""

    def __init__(self) -> None:
        self._progress: dict[SourceId, _Progress] = {}
        self.watermark_ms: int | None = None
        """Event time of the pipeline: the least of its sources'."""
        self.repeated = 0
        """Rows and events that came again; no part of the state."""

    def fresh_from(self, block: SampleBlock) -> int:
        """The number of rows at the block's head that were applied before; notes the others as applied."""
        progress = self._progress.setdefault(SourceId(block.source_topic, block.source_partition), _Progress())
        applied = progress.applied(block)
        self.repeated += applied
        if applied < len(block.offset):
            progress.offset, progress.row = int(block.offset[-1]), int(block.row[-1])
        return applied

    def is_news(self, source: SourceId, offset: int) -> bool:
        """Whether a message of a topic whose messages are one row each was not applied before; notes it as applied."""
        progress = self._progress.setdefault(source, _Progress())
        is_news = offset > progress.offset
        if is_news:
            progress.offset, progress.row = offset, 0
        else:
            self.repeated += 1
        return is_news

    def tick(self, block: SampleBlock) -> bool:
        """Take the block's watermark; says whether the pipeline's event time moved."""
        if block.watermark_ms is None:
            return False
        progress = self._progress[SourceId(block.source_topic, block.source_partition)]
        progress.watermark_ms = max(block.watermark_ms, progress.watermark_ms or block.watermark_ms)
        known = [p.watermark_ms for p in self._progress.values() if p.watermark_ms is not None]
        before, self.watermark_ms = self.watermark_ms, max(min(known), self.watermark_ms or min(known))
        return self.watermark_ms != before

    def dump(self) -> list[Any]:
        """In plain values."""
        return [[*source, p.offset, p.row, p.watermark_ms] for source, p in sorted(self._progress.items())]

    def load(self, rows: list[Any], watermark_ms: int | None) -> None:
        """Put back what `dump` made."""
        self._progress = {SourceId(t, p): _Progress(offset, row, mark) for t, p, offset, row, mark in rows}
        self.watermark_ms = watermark_ms
