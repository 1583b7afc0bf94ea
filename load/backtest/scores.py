"""Anomaly scores, one for each row of the recording: what was known of a sample at that sample.

A row that was not learned from scores 0, and so does one that the pipeline kept waiting, for its series' step to be
told or for a jump to be confirmed: nothing was known of it in time.
"""

import numpy as np

from models.arrays import Flags, Ints
from models.layout import Arrays, Field, Layout, allocate, grow
from streams.pipeline.admission import CONFIRMED_BY
from streams.pipeline.cadence import SAMPLES_NEEDED
from streams.pipeline.rows import Rows

NEVER_MS = -(2**62)

LAYOUT: Layout = (
    Field("last_ms", "i8", (), NEVER_MS, "ms", "the last sample learned from"),
    Field("late_left", "i8", (), 0, "samples", "how many of the next ones had been kept waiting"),
)


class Timeliness:
    """Tells which of the rows that were learned from had been kept waiting; time goes forward in a recording.

    Parameters
    ----------
    grid
        The pipeline's.
    """

    def __init__(self, grid: Arrays, jump_steps: int, *, step_is_known: bool) -> None:
        self._grid = grid
        self._jump_steps = jump_steps
        self._step_is_known = step_is_known
        self._seen = allocate(LAYOUT, 0)

    def in_time(self, rows: Rows) -> Flags:
        """Whether each row's score was known at the row."""
        slots, seen = rows.slot, self._room(len(self._grid["step_ms"]))
        last_ms, step_ms = seen["last_ms"][slots], self._grid["step_ms"][slots]
        fresh = last_ms == NEVER_MS
        gap = rows.timestamp_ms // step_ms - np.where(fresh, rows.timestamp_ms, last_ms) // step_ms
        left = np.where(fresh, self._waited_at_first(slots), seen["late_left"][slots])
        left = np.where(gap > self._jump_steps, CONFIRMED_BY - 1, left)
        seen["last_ms"][slots] = rows.timestamp_ms
        seen["late_left"][slots] = np.maximum(left - 1, 0)
        return np.asarray(left == 0)

    def _waited_at_first(self, slots: Ints) -> Ints:
        if self._step_is_known:
            return np.zeros(len(slots), np.int64)
        # A counter's first sample waited as well, and has no rate to learn.
        return SAMPLES_NEEDED - 1 - self._grid["counter"][slots].astype(np.int64)

    def _room(self, slots: int) -> Arrays:
        if slots > len(self._seen["last_ms"]):
            self._seen = grow(self._seen, LAYOUT, slots)
        return self._seen
