"""One file of a recording: tables in time order, in memory only as much as the order asks for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from load.recordings.arrow import ArrowBatch
from load.recordings.csv_source import CsvSource
from load.recordings.decode import long_table, wanted, wide_table
from load.recordings.errors import RecordingError
from load.recordings.files import PARQUET_SUFFIX, known_suffix, stem_of
from load.recordings.layout import LongLayout, WideLayout, layout_of
from load.recordings.parquet_source import ParquetSource
from load.recordings.source import Source
from load.recordings.table import SampleTable, concatenate, is_sorted, slices, sort_by_time
from load.recordings.timestamps import TimestampError, timestamps_ms

# Rows in which a file's timestamps are looked through before its samples are read.
SPAN_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Span:
    """Event times of a file, and whether its rows are in time order."""

    first_ms: int
    last_ms: int
    sorted: bool


class FileRecording:
    """A file whose layout is known.

    Timestamps are read first, alone: they tell whether the samples can be streamed or must be sorted in memory.
    """

    def __init__(self, path: Path, metrics: Sequence[str]) -> None:
        self.path = path
        self._metrics = tuple(metrics)
        self._source: Source = ParquetSource(path) if known_suffix(path) == PARQUET_SUFFIX else CsvSource(path)
        self._layout = _pruned(layout_of(path, self._source.names, stem_of(path)), self._metrics)

    @cached_property
    def span(self) -> Span | None:
        """The file's event times; None where no sample of it is wanted."""
        return self._read_span() if self._has_wanted() else None

    def tables(self, rows_max: int) -> Iterator[SampleTable]:
        """Samples in time order, in tables of at most about `rows_max` rows."""
        if self.span is None:
            return
        if self.span.sorted:
            # Batches of a sorted file are sorted and follow each other.
            yield from self._tables_as_stored(rows_max)
        else:
            yield from slices(sort_by_time(concatenate(list(self._tables_as_stored(rows_max)))), rows_max)

    def _tables_as_stored(self, rows_max: int) -> Iterator[SampleTable]:
        layout = self._layout
        for batch in self._batches(rows_max):
            table = (
                wide_table(batch, layout)
                if isinstance(layout, WideLayout)
                else long_table(batch, layout, self._metrics)
            )
            if len(table):
                yield table

    def _batches(self, rows_max: int) -> Iterator[ArrowBatch]:
        layout = self._layout
        if isinstance(layout, WideLayout):
            times_max = max(1, rows_max // len(layout.columns))
            return self._source.batches([layout.timestamp], layout.columns, times_max)
        metric = [] if layout.metric is None else [layout.metric]
        return self._source.batches([layout.timestamp, *metric, *layout.labels], [layout.value], rows_max)

    def _has_wanted(self) -> bool:
        layout = self._layout
        if isinstance(layout, WideLayout):
            return bool(layout.columns)
        return layout.metric is not None or wanted(layout.stem, self._metrics)

    def _read_span(self) -> Span | None:
        span: Span | None = None
        for batch in self._source.batches([self._layout.timestamp], [], SPAN_ROWS):
            here = self._span_of(batch)
            span = here if span is None else _joined(span, here)
        return span

    def _span_of(self, batch: ArrowBatch) -> Span:
        try:
            times = timestamps_ms(batch.column(self._layout.timestamp))
        except TimestampError as error:
            hint = "write RFC 3339, such as 2026-01-31T08:00:00Z, or epoch s, ms, us or ns"
            raise RecordingError(self.path, f"has {error}", hint) from error
        return Span(int(times.min()), int(times.max()), is_sorted(times))


def _joined(before: Span, after: Span) -> Span:
    in_order = before.sorted and after.sorted and before.last_ms <= after.first_ms
    return Span(min(before.first_ms, after.first_ms), max(before.last_ms, after.last_ms), in_order)


def _pruned(layout: LongLayout | WideLayout, metrics: Sequence[str]) -> LongLayout | WideLayout:
    """A wide layout without the columns that are not wanted, which are never read."""
    if isinstance(layout, LongLayout):
        return layout
    kept = [place for place, key in enumerate(layout.series) if wanted(key.metric, metrics)]
    return replace(
        layout,
        columns=tuple([layout.columns[place] for place in kept]),
        series=tuple([layout.series[place] for place in kept]),
    )
