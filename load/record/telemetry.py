"""Messages of a topic as tables of samples: telemetry by its codec, or the blocks of a samples topic."""

from math import isfinite
from typing import Protocol

import numpy as np

from load.recordings.table import SampleTable
from streams.blocks import BadBlockError, SampleBlock, decode_record
from streams.codecs.registry import codec
from streams.series import parse_series

ROWS_PER_MESSAGE_MAX = 1_000_000
BLOCKS = "samples"
"""In place of a codec's name: the topic is one of foreshock's own, of blocks."""


class Reader(Protocol):
    """Reads the messages of a topic, those of one partition in their order."""

    def read(self, partition: int, value: bytes) -> SampleTable:
        """Its samples, in their order; `skipped` grows by what can't be read."""
        ...

    @property
    def skipped(self) -> int: ...


def reader_for(name: str) -> Reader:
    """The reader of a codec's messages, or of blocks."""
    return BlockReader() if name == BLOCKS else CodecReader(name)


class CodecReader:
    """Telemetry as it comes."""

    def __init__(self, name: str) -> None:
        self._codec = codec(name)
        self.skipped = 0

    def read(self, _partition: int, value: bytes) -> SampleTable:
        """See `Reader`."""
        columns = self._codec.decode(value, ROWS_PER_MESSAGE_MAX)
        sound = [place for place, number in enumerate(columns.value) if isfinite(number)]
        self.skipped += len(columns.rejects) + len(columns.value) - len(sound)
        series = list(dict.fromkeys([columns.series[place] for place in sound]))
        places = {key: place for place, key in enumerate(series)}
        return SampleTable(
            series,
            np.array([places[columns.series[place]] for place in sound], np.int64),
            np.array([columns.timestamp_ms[place] for place in sound], np.int64),
            np.array([columns.value[place] for place in sound], np.float64),
        )


class BlockReader:
    """Blocks, of which some come twice after a crash of an ingest: a row counts once."""

    def __init__(self) -> None:
        self._marks: dict[tuple[int, str, int, str], tuple[int, int]] = {}
        self.skipped = 0

    def read(self, partition: int, value: bytes) -> SampleTable:
        """See `Reader`."""
        try:
            record = decode_record(value)
        except BadBlockError:
            self.skipped += 1
            record = None
        if not isinstance(record, SampleBlock) or not len(record.row):
            return _nothing()
        source = (partition, record.source_topic, record.source_partition, record.source_topic_id)
        mark = self._marks.get(source, (-1, -1))
        new = np.flatnonzero((record.offset > mark[0]) | ((record.offset == mark[0]) & (record.row > mark[1])))
        if not len(new):
            return _nothing()
        self._marks[source] = (int(record.offset[new[-1]]), int(record.row[new[-1]]))
        series = [parse_series(name) for name in record.series]
        return SampleTable(series, record.index[new], record.timestamp_ms[new], record.value[new])


def _nothing() -> SampleTable:
    return SampleTable([], np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
