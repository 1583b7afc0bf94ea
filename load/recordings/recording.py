"""Recorded telemetry as a stream of samples in time order: what the rest of `load` uses.

pyarrow is imported when a file is opened, so that whoever only generates samples does not need it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from load.recordings.arrow import require_pyarrow
from load.recordings.table import SampleTable

ROWS_MAX = 1_000_000


class Recording(Protocol):
    """Samples with an order: a file, a folder or a generated fleet."""

    def span_ms(self) -> tuple[int, int] | None:
        """First and last event time; None if there is no sample."""
        ...

    def tables(self, rows_max: int) -> Iterator[SampleTable]:
        """Samples in time order, in tables of about `rows_max` rows; missing ones (NaN, null) are left out."""
        ...


def open_recording(path: Path, metrics: Sequence[str] = ()) -> Recording:
    """Look at a recording's columns, so that most errors show before anything is sent.

    Parameters
    ----------
    path
        CSV (also .gz, .zst) or Parquet file, or a folder of them.
    metrics
        Glob patterns of metric names; others are left out, in wide files without being read.

    Raises
    ------
    RecordingError
        If it can't be read; reading on may raise it too.
    """
    require_pyarrow()
    from load.recordings.folder_recording import FilesRecording

    return FilesRecording(path, metrics)


def read_recording(path: Path, *, metrics: Sequence[str] = (), rows_max: int = ROWS_MAX) -> Iterator[SampleTable]:
    """Tables of a recording; see `open_recording` and `Recording.tables`."""
    return open_recording(path, metrics).tables(rows_max)
