"""What a pipeline remembers of each source partition: how far it has read it, and how far its time has come."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from streams.blocks import SampleBlock
from streams.silence import SilenceRecord


class SourceId(NamedTuple):
    """A partition of a telemetry topic."""

    topic: str
    partition: int


@dataclass(slots=True)
class _Progress:
    offset: int = -1
    row: int = -1
    watermark_ms: int | None = None
    is_silent: bool = False

    def applied(self, block: SampleBlock) -> int:
        """The number of the block's rows that were applied before; (offset, row) increases, so they are its head."""
        if not len(block.offset) or block.offset[0] > self.offset:
            return 0
        seen = (block.offset < self.offset) | ((block.offset == self.offset) & (block.row <= self.row))
        return int(np.count_nonzero(seen))


class Sources:
    """High-water marks, so that nothing is applied twice, and watermarks, which move event time.

    Parameters
    ----------
    topics
        Those that the settings name. Others, which the log or the state may still hold, tell the time only where none
        of these does.
    """

    def __init__(self, topics: Collection[str]) -> None:
        self._topics = topics
        self._progress: dict[SourceId, _Progress] = {}
        self.watermark_ms: int | None = None
        """Event time of the pipeline: the least of its sources' that are not silent, and the greatest where all are."""
        self.repeated = 0
        """Rows and events that came again; no part of the state."""

    def fresh_from(self, block: SampleBlock) -> int:
        """The number of rows at the block's head that were applied before; notes the others as applied."""
        progress = self._progress.setdefault(SourceId(block.source_topic, block.source_partition), _Progress())
        applied = progress.applied(block)
        self.repeated += applied
        if applied < len(block.offset):
            progress.offset, progress.row = int(block.offset[-1]), int(block.row[-1])
            progress.is_silent = False
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
        if progress.watermark_ms is None or block.watermark_ms > progress.watermark_ms:
            progress.watermark_ms, progress.is_silent = block.watermark_ms, False
        return self._move_on()

    def silence(self, record: SilenceRecord) -> bool:
        """Pass a source over until it says something again; says whether the pipeline's event time moved."""
        progress = self._progress.get(SourceId(record.source_topic, record.source_partition))
        if progress is None or progress.offset >= record.next_offset:
            return False
        progress.is_silent = True
        return self._move_on()

    def _move_on(self) -> bool:
        told = [(s.topic, p.watermark_ms, p.is_silent) for s, p in self._progress.items() if p.watermark_ms is not None]
        # Of topics that nobody reads any more nobody tells the silence either.
        told = [each for each in told if each[0] in self._topics] or told
        awaited = [mark_ms for _, mark_ms, is_silent in told if not is_silent]
        before = self.watermark_ms
        if told:
            reached_ms = min(awaited) if awaited else max([mark_ms for _, mark_ms, _ in told])
            self.watermark_ms = reached_ms if before is None else max(reached_ms, before)
        return self.watermark_ms != before

    def dump(self) -> list[Any]:
        """In plain values."""
        return [[*source, p.offset, p.row, p.watermark_ms, p.is_silent] for source, p in sorted(self._progress.items())]

    def load(self, rows: list[Any], watermark_ms: int | None) -> None:
        """Put back what `dump` made."""
        self._progress = {SourceId(topic, partition): _Progress(*progress) for topic, partition, *progress in rows}
        self.watermark_ms = watermark_ms
