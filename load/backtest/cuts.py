"""Where a recording is cut into pieces for the pipeline: the results do not depend on it, save as said here.

A piece ends at every origin, so that a forecast has seen no later sample. For a source that aggregates, it also ends
right after the first sample that may move event time past the end of a step, as a live worker's would at its finest.
"""

from collections.abc import Iterator

import numpy as np

from load.recordings.table import IntColumn, SampleTable
from streams.ingest.watermark import CONFIRMATIONS, JUMP_MS, TICK_INTERVAL_MS
from streams.settings.sources import SourceSettings

PIECE_ROWS = 20_000


def pieces(table: SampleTable, origins_ms: IntColumn, source: SourceSettings) -> Iterator[SampleTable]:
    """Pieces of a table, in order."""
    stops = [
        np.arange(PIECE_ROWS, len(table), PIECE_ROWS),
        np.searchsorted(table.timestamp_ms, origins_ms, side="right"),
    ]
    if source.aggregate is not None:
        stops.append(_ticks(table.timestamp_ms, max(source.step_ms or 0, TICK_INTERVAL_MS)))
    bounds = np.unique(np.concatenate([[0], *stops, [len(table)]]))
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        yield table.rows(start, stop)


def _ticks(timestamp_ms: IntColumn, every_ms: int) -> IntColumn:
    """After each first sample of an interval, and after those that make a jump of event time believed."""
    first = np.flatnonzero(np.diff(timestamp_ms // every_ms)) + 1
    jumps = np.concatenate([[0], np.flatnonzero(np.diff(timestamp_ms) > JUMP_MS) + 1])
    believed = (jumps[:, None] + np.arange(CONFIRMATIONS + 1)).ravel() + 1
    return np.concatenate([first + 1, believed[believed < len(timestamp_ms)]])
