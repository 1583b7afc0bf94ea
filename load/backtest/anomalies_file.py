"""anomalies.parquet: a score for each row of the recording, in its order, written group by group.

`score` is what is alarmed: 0 where the last stretch of the series was as strange. `height` is the same before that.
"""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from models.arrays import Floats, Ints

GROUP_ROWS = 500_000
SCHEMA = pa.schema(
    [
        ("series", pa.dictionary(pa.int32(), pa.string())),
        ("timestamp", pa.timestamp("ms", "UTC")),
        ("score", pa.float64()),
        ("height", pa.float64()),
    ]
)


class AnomaliesFile:
    """Rows are added with a score and a height of 0, which may be set until they are written.

    Parameters
    ----------
    names
        Names of the series by number; the list grows outside.
    """

    def __init__(self, path: Path, names: list[str]) -> None:
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd")
        self._names = names
        self._first = 0
        self._series = np.empty(0, np.int32)
        self._timestamp_ms = np.empty(0, np.int64)
        self._scores = np.empty((0, 2), np.float64)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type | None, error: BaseException | None, _trace: TracebackType | None) -> None:
        if error is None:
            self._write(len(self._scores))
        self._writer.close()

    def add(self, series: Ints, timestamp_ms: Ints) -> None:
        """The next rows."""
        self._series = np.concatenate([self._series, series.astype(np.int32)])
        self._timestamp_ms = np.concatenate([self._timestamp_ms, timestamp_ms])
        self._scores = np.concatenate([self._scores, np.zeros((len(series), 2))])

    def score(self, offset: Ints, score: Floats, height: Floats) -> None:
        """Set scores and heights of rows by their number in the recording; rows that were written keep theirs."""
        place = offset - self._first
        open_ = place >= 0
        self._scores[place[open_]] = np.stack((score[open_], height[open_]), axis=1)

    def settle(self, before_ms: int) -> None:
        """No row before this time will be scored any more; these are written once they are many."""
        rows = int(np.searchsorted(self._timestamp_ms, before_ms))
        if rows >= GROUP_ROWS:
            self._write(rows)

    def _write(self, rows: int) -> None:
        series: Any = pa.array(self._series[:rows])
        columns: list[Any] = [
            pa.DictionaryArray.from_arrays(series, pa.array(self._names, pa.string())),
            pa.array(self._timestamp_ms[:rows]).cast(SCHEMA.field("timestamp").type),
            *[pa.array(np.ascontiguousarray(self._scores[:rows, column])) for column in range(2)],
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=SCHEMA))
        self._first += rows
        self._series, self._timestamp_ms = self._series[rows:].copy(), self._timestamp_ms[rows:].copy()
        self._scores = self._scores[rows:].copy()
