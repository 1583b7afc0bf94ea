"""Several streams of tables, each in time order, as one: by time, and within a time in the streams' order.

Up to a bound that every stream has passed, all rows are known and leave in one table. Streams are opened when the bound
reaches their first row, so a folder of daily files holds one or two of them at a time.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from load.recordings.table import SampleTable, concatenate, sort_by_time


class TimedStream:
    """A stream of tables of which the first time is known before it is opened."""

    def __init__(self, first_ms: int, open_tables: Callable[[], Iterator[SampleTable]]) -> None:
        self.passed_ms = first_ms  # Rows before this time have all been read.
        self.ended = False
        self._open_tables = open_tables
        self._tables: Iterator[SampleTable] | None = None
        self._held: SampleTable | None = None

    def advance(self) -> None:
        """Read one more table."""
        if self._tables is None:
            self._tables = self._open_tables()
        table = next(self._tables, None)
        if table is None:
            self.ended = True
            return
        self._held = table if self._held is None else concatenate([self._held, table])
        self.passed_ms = int(table.timestamp_ms[-1])

    def take(self, bound_ms: int | None) -> SampleTable | None:
        """Remove the rows that were read and are before the bound (None: all); None if there is none."""
        held = self._held
        if held is None:
            return None
        rows = len(held) if bound_ms is None else int(np.searchsorted(held.timestamp_ms, bound_ms))
        if not rows:
            return None
        self._held = held.rows(rows, len(held)) if rows < len(held) else None
        return held.rows(0, rows)


def merge_by_time(streams: Sequence[TimedStream]) -> Iterator[SampleTable]:
    """All rows of all streams in time order, whatever the size of their tables."""
    while True:
        reading = [stream for stream in streams if not stream.ended]
        bound_ms = min([stream.passed_ms for stream in reading], default=None)
        taken = [part for stream in streams if (part := stream.take(bound_ms)) is not None]
        if taken:
            yield sort_by_time(concatenate(taken))
        if bound_ms is None:
            return
        for stream in reading:
            if stream.passed_ms == bound_ms:
                stream.advance()
