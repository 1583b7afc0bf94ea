"""The newest samples of each series: what a forecast continues.

Samples stand in the order in which they came, those twice that an ingest sent twice after a crash. A time that lies
further ahead than the telemetry has come is one that no pipeline believes either, and is left out.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from streams.blocks import FloatColumn, IntColumn
from streams.serve.board.growing import with_room
from streams.serve.board.rings import Rings

AHEAD_MS_MAX = 3_600_000
"""Ingest believes times further ahead only once others say so."""

UNKNOWN_MS = -1

_SAMPLE = np.dtype([("t_ms", np.int64), ("v", np.float64)])


class Samples(NamedTuple):
    """Samples of one series, ascending in time."""

    t_ms: IntColumn
    v: FloatColumn


class History:
    """A bounded tail of samples of each series, by its number.

    Attributes
    ----------
    last_ms, last_value
        Of each series its newest sample; `UNKNOWN_MS` where there is none.
    """

    def __init__(self, width: int) -> None:
        self._rings = Rings(width, _SAMPLE)
        self.last_ms = np.zeros(0, np.int64)
        self.last_value = np.zeros(0, np.float64)

    def make_room(self, series: int) -> None:
        """Have places for so many series."""
        self.last_ms = with_room(self.last_ms, series, UNKNOWN_MS)
        self.last_value = with_room(self.last_value, series, np.nan)

    def append(self, series: IntColumn, t_ms: IntColumn, v: FloatColumn, reached_ms: int) -> None:
        """Take in samples, while telemetry has come to `reached_ms`."""
        believed = t_ms <= reached_ms + AHEAD_MS_MAX
        series, t_ms, v = series[believed], t_ms[believed], v[believed]
        rows = np.empty(len(series), _SAMPLE)
        rows["t_ms"], rows["v"] = t_ms, v
        self._rings.append(series, rows)
        np.maximum.at(self.last_ms, series, t_ms)
        newest = self.last_ms[series] == t_ms
        self.last_value[series[newest]] = v[newest]

    def tail(self, series: int) -> Samples:
        """The samples of a series that are in memory; of those with the same time the one that came first."""
        rows = self._rings.rows(series)
        return ascending(rows["t_ms"], rows["v"])

    def clear(self, series: int) -> None:
        """Forget a series."""
        self._rings.clear(series)
        self.last_ms[series], self.last_value[series] = UNKNOWN_MS, np.nan


def ascending(t_ms: npt.NDArray[np.int64], v: npt.NDArray[np.float64]) -> Samples:
    """Samples in the order of their times, each time once."""
    times, first = np.unique(t_ms, return_index=True)
    return Samples(times, v[first])
