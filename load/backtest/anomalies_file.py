"""anomalies.parquet: a score for each row of the recording, in its order, written group by group."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

GROUP_ROWS = 500_000
SCHEMA = pa.schema(
    [
        ("series", pa.dictionary(pa.int32(), pa.string())),
        ("timestamp", pa.timestamp("ms", "UTC")),
        ("score", pa.float64()),
    ]
)


class AnomaliesFile:
    """Rows are added with a score of 0, which may be set until they are written.

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
        self._score = np.empty(0, np.float64)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type | None, error: BaseException | None, _trace: TracebackType | None) -> None:
        if error is None:
            self._write(len(self._score))
        self._writer.close()

    def add(self, series: Ints, timestamp_ms: Ints) -> None:
        """The next rows."""
        self._series = np.concatenate([self._series, series.astype(np.int32)])
        self._timestamp_ms = np.concatenate([self._timestamp_ms, timestamp_ms])
        self._score = np.concatenate([self._score, np.zeros(len(series))])

    def score(self, offset: Ints, score: Floats) -> None:
        """Set scores of rows by their number in the recording; those that were written before keep theirs."""
        place = offset - self._first
        open_ = place >= 0
        self._score[place[open_]] = score[open_]

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
            pa.array(self._score[:rows]),
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=SCHEMA))
        self._first += rows
        self._series, self._timestamp_ms = self._series[rows:].copy(), self._timestamp_ms[rows:].copy()
        self._score = self._score[rows:].copy()
