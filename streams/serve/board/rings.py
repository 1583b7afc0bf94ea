"""The newest few rows of each series, for a hundred thousand of them: rings, packed into chunks of arrays.

A chunk is committed by the machine as its rows are written, so series that are young or slow cost less.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from streams.serve.board.growing import with_room

CHUNK_SERIES = 1_024

Ints = npt.NDArray[np.int64]


class Rings:
    """`width` newest rows of each series, in order of arrival.

    Parameters
    ----------
    width
        Rows kept of a series.
    row
        The structured type of a row.
    """

    def __init__(self, width: int, row: np.dtype[Any]) -> None:
        self._width, self._row = width, row
        self._chunks: list[npt.NDArray[Any]] = []
        self._written = np.zeros(0, np.int64)

    def append(self, series: Ints, rows: npt.NDArray[Any]) -> None:
        """Add rows, each to the ring of its series; several may belong to one."""
        if not len(series):
            return
        order = np.argsort(series, kind="stable")
        series, rows = series[order], rows[order]
        first, counts = _groups(series)
        self._make_room(int(series[-1]) + 1)
        rank = np.arange(len(series)) - np.repeat(first, counts)
        # Of more rows than a ring has places, the last ones stay.
        kept = rank >= np.repeat(counts, counts) - self._width
        place = (self._written[series] + rank) % self._width
        for chunk in np.unique(series // CHUNK_SERIES):
            here = kept & (series // CHUNK_SERIES == chunk)
            self._chunks[chunk][series[here] % CHUNK_SERIES, place[here]] = rows[here]
        self._written[series[first]] += counts

    def add(self, series: int, row: npt.NDArray[Any]) -> None:
        """Add one row, as `append` does."""
        self._make_room(series + 1)
        place = self._written[series] % self._width
        self._chunks[series // CHUNK_SERIES][series % CHUNK_SERIES, place] = row
        self._written[series] += 1

    def rows(self, series: int) -> npt.NDArray[Any]:
        """The rows of a series, the oldest first: a copy."""
        written = int(self._written[series]) if series < len(self._written) else 0
        if not written:
            return np.zeros(0, self._row)
        ring = self._chunks[series // CHUNK_SERIES][series % CHUNK_SERIES]
        if written <= self._width:
            return np.copy(ring[:written])
        rolled: npt.NDArray[Any] = np.roll(ring, -(written % self._width))
        return rolled

    def clear(self, series: int) -> None:
        """Forget a series: its number is another one's from now on."""
        if series < len(self._written):
            self._written[series] = 0

    def _make_room(self, series: int) -> None:
        self._written = with_room(self._written, series, 0)
        while len(self._chunks) * CHUNK_SERIES < series:
            self._chunks.append(np.zeros((CHUNK_SERIES, self._width), self._row))


def _groups(series: Ints) -> tuple[Ints, Ints]:
    """Where each series begins in a sorted column, and how many rows it has."""
    first = np.flatnonzero(np.concatenate(([True], series[1:] != series[:-1])))
    return first, np.diff(np.append(first, len(series)))
