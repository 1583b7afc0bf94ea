"""The feed: pieces of a recording as the sample blocks that ingest would have made of them.

Each row stands for a message of its own: its offset is its number in the recording. What ingest would not believe is
refused for the same reasons, by the same code.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np

from load.recordings.table import IntColumn, SampleTable
from streams.blocks import SampleBlock
from streams.ingest.interner import Interner
from streams.ingest.packing import SourceLog, block_of
from streams.ingest.rows import Fetch, Refusal
from streams.ingest.validation import believed
from streams.ingest.watermark import Watermark
from streams.outputs.rejects import Coordinate, reject_record
from streams.records import OutputRecord
from streams.rejects import RejectReason
from streams.series import series_name
from streams.settings.model import Settings

SOURCE_PARTITION = 0


class Fed(NamedTuple):
    """One piece: its block, the records of its refused rows, and the number of each row's series."""

    block: SampleBlock
    rejects: list[OutputRecord]
    series: IntColumn


class Feed:
    """Makes blocks of the pieces of one recording.

    Attributes
    ----------
    names
        Names of the series seen so far, by number.
    rows
        Rows fed so far, which is the offset of the next one.
    rejects
        Rows refused so far, by reason.
    """

    def __init__(self, settings: Settings) -> None:
        source = settings.sources[0]
        self.names: list[str] = []
        self.rows = 0
        self.rejects: Counter[RejectReason] = Counter()
        self._topic, self._rejects_topic = source.topic, settings.topics.rejects
        self._limits = settings.limits
        # Never trimmed: a recording has so many series and no more.
        self._interner = Interner(source.entity, 1, settings.limits)
        self._watermark = Watermark()

    def take(self, piece: SampleTable) -> Fed:
        """The next rows."""
        series = self._numbers(piece)
        offset = np.arange(self.rows, self.rows + len(piece))
        self.rows += len(piece)
        fetch = Fetch(
            series_id=series.tolist(),
            offset=offset.tolist(),
            row=[0] * len(piece),
            timestamp_ms=piece.timestamp_ms.tolist(),
            value=piece.value.tolist(),
            refusals=[],
        )
        rows, refusals = believed(fetch, self._interner, self._limits)
        tick_ms = self._watermark.advance(rows.offset, rows.timestamp_ms)
        block = block_of(rows, self._interner, SourceLog(self._topic, SOURCE_PARTITION), tick_ms)
        return Fed(block, [self._reject(refusal) for refusal in refusals], series)

    def _numbers(self, piece: SampleTable) -> IntColumn:
        """The number of each row's series; series without a row get none."""
        used, place = np.unique(piece.index, return_inverse=True)
        keys = [piece.series[number] for number in used.tolist()]
        numbers = self._interner.ids(keys)
        for key, number in zip(keys, numbers, strict=True):
            if number == len(self.names):
                self.names.append(series_name(key))
        return np.array(numbers, np.int64)[place]

    def _reject(self, refusal: Refusal) -> OutputRecord:
        self.rejects[refusal.fault.reason] += 1
        return reject_record(
            self._rejects_topic,
            Coordinate(self._topic, SOURCE_PARTITION, refusal.offset, refusal.row),
            *refusal.fault,
            series=refusal.series,
            timestamp_ms=refusal.timestamp_ms,
            value=refusal.value,
        )
