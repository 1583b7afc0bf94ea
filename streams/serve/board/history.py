"""The newest samples of each series: what a forecast continues.

Samples stand in the order in which they came, those twice that an ingest sent twice after a crash. A time that lies
further ahead than the telemetry has come is one that no pipeline believes either, and is not told.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from streams.blocks import FloatColumn, IntColumn
from streams.serve.board.rings import Rings

AHEAD_MS_MAX = 3_600_000
"""Ingest believes times further ahead only once others say so."""

_SAMPLE = np.dtype([("t_ms", np.int64), ("v", np.float64)])


class Samples(NamedTuple):
    """Samples of one series, ascending in time."""

    t_ms: IntColumn
    v: FloatColumn


class History:
    """A bounded tail of samples of each series, by its number.

    Attributes
    ----------
    reached_ms
        How far the telemetry has come. A block that catches up holds samples far ahead of that: they are kept, and told
        once it has.
    """

    def __init__(self, width: int) -> None:
        self.reached_ms = 0
        self._rings = Rings(width, _SAMPLE)

    def append(self, series: IntColumn, t_ms: IntColumn, v: FloatColumn) -> None:
        """Take in samples."""
        rows = np.empty(len(series), _SAMPLE)
        rows["t_ms"], rows["v"] = t_ms, v
        self._rings.append(series, rows)

    def tail(self, series: int) -> Samples:
        """The samples of a series that are in memory; of those with the same time the one that came first."""
        rows = self._believed(series)
        return ascending(rows["t_ms"], rows["v"])

    def newest(self, series: int) -> tuple[int, float] | None:
        """Time and value of the newest sample of a series; None where there is none."""
        rows = self._believed(series)
        if not len(rows):
            return None
        row = rows[np.argmax(rows["t_ms"])]
        return int(row["t_ms"]), float(row["v"])

    def clear(self, series: int) -> None:
        """Forget a series."""
        self._rings.clear(series)

    def _believed(self, series: int) -> npt.NDArray[Any]:
        rows = self._rings.rows(series)
        return rows[rows["t_ms"] <= self.reached_ms + AHEAD_MS_MAX]


def ascending(t_ms: npt.NDArray[np.int64], v: npt.NDArray[np.float64]) -> Samples:
    """Samples in the order of their times, each time once."""
    times, first = np.unique(t_ms, return_index=True)
    return Samples(times, v[first])
