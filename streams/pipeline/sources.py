"""What a pipeline remembers of each source partition: how far it has read it, and how far its time has come.

Of a topic that was deleted and made again there are two logs, with ids of their own, and marks of their own: offsets
begin at 0 again, and a worker that slept may still send rows of the log before. A few logs of a topic are remembered;
event time follows the newest alone, for the others are over. Rows that name no log, from a broker that gives topics no
ids, are of the newest, and a log without an id is the one whose id comes next.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from streams.blocks import SampleBlock
from streams.silence import SilenceRecord

LOGS_PER_TOPIC_MAX = 4
"""What came of a log is forgotten once so many newer ones of its topic are known."""


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


@dataclass(slots=True)
class _Log:
    """One life of a topic; `progress` by partition."""

    topic_id: str
    progress: dict[int, _Progress] = field(default_factory=dict)


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
        self._logs: dict[str, list[_Log]] = {}
        """Of each topic, the newest last."""
        self.watermark_ms: int | None = None
        """Event time of the pipeline: the least of its sources' that are not silent, and the greatest where all are."""
        self.repeated = 0
        """Rows and events that came again; no part of the state."""

    def fresh_from(self, block: SampleBlock) -> int:
        """The number of rows at the block's head that were applied before; notes the others as applied."""
        progress = self._progress_of(SourceId(block.source_topic, block.source_partition), block.source_topic_id)
        applied = progress.applied(block)
        self.repeated += applied
        if applied < len(block.offset):
            progress.offset, progress.row = int(block.offset[-1]), int(block.row[-1])
            progress.is_silent = False
        return applied

    def is_news(self, source: SourceId, topic_id: str, offset: int) -> bool:
        """Whether a message of a topic whose messages are one row each was not applied before; notes it as applied."""
        progress = self._progress_of(source, topic_id)
        is_news = offset > progress.offset
        if is_news:
            progress.offset, progress.row = offset, 0
        else:
            self.repeated += 1
        return is_news

    def tick(self, block: SampleBlock) -> int | None:
        """Take the block's watermark; the event time that the pipeline has moved to, None where it has not moved."""
        if block.watermark_ms is None:
            return None
        progress = self._progress_of(SourceId(block.source_topic, block.source_partition), block.source_topic_id)
        if progress.watermark_ms is None or block.watermark_ms > progress.watermark_ms:
            progress.watermark_ms, progress.is_silent = block.watermark_ms, False
        return self._move_on()

    def silence(self, record: SilenceRecord) -> int | None:
        """Pass a source over until it says something again; the event time that the pipeline has moved to, or None."""
        known = [log for log in self._logs.get(record.source_topic, ()) if record.source_topic_id in (log.topic_id, "")]
        progress = known[-1].progress.get(record.source_partition) if known else None
        if progress is None or progress.offset >= record.next_offset:
            return None
        progress.is_silent = True
        return self._move_on()

    def _move_on(self) -> int | None:
        newest = [(topic, p) for topic, logs in self._logs.items() for p in logs[-1].progress.values()]
        timed = [(topic, p.watermark_ms, p.is_silent) for topic, p in newest if p.watermark_ms is not None]
        # Of topics that nobody reads any more nobody tells the silence either.
        timed = [each for each in timed if each[0] in self._topics] or timed
        awaited = [mark_ms for _, mark_ms, is_silent in timed if not is_silent]
        before = self.watermark_ms
        if timed:
            reached_ms = min(awaited) if awaited else max([mark_ms for _, mark_ms, _ in timed])
            self.watermark_ms = reached_ms if before is None else max(reached_ms, before)
        return None if self.watermark_ms == before else self.watermark_ms

    def dump(self) -> list[Any]:
        """In plain values: a row for each partition of each log, a topic's logs in their order."""
        return [
            [topic, log.topic_id, partition, p.offset, p.row, p.watermark_ms, p.is_silent]
            for topic, logs in sorted(self._logs.items())
            for log in logs
            for partition, p in sorted(log.progress.items())
        ]

    def load(self, rows: list[Any], watermark_ms: int | None) -> None:
        """Put back what `dump` made."""
        self._logs = {}
        for topic, topic_id, partition, *progress in rows:
            logs = self._logs.setdefault(topic, [])
            if not logs or logs[-1].topic_id != topic_id:
                logs.append(_Log(topic_id))
            logs[-1].progress[partition] = _Progress(*progress)
        self.watermark_ms = watermark_ms

    def _progress_of(self, source: SourceId, topic_id: str) -> _Progress:
        return self._log_of(source.topic, topic_id).progress.setdefault(source.partition, _Progress())

    def _log_of(self, topic: str, topic_id: str) -> _Log:
        logs = self._logs.setdefault(topic, [])
        for log in reversed(logs):
            if topic_id in (log.topic_id, ""):
                return log
        if logs and logs[-1].topic_id == "":
            logs[-1].topic_id = topic_id
        else:
            logs.append(_Log(topic_id))
            del logs[:-LOGS_PER_TOPIC_MAX]
        return logs[-1]
