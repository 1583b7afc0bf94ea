"""forecasts.parquet: the deciles of every series at every origin, one row for each step ahead."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from load.backtest.window import Forecasts
from models.arrays import Ints
from streams.settings.forecast import DECILES

TIME = pa.timestamp("ms", "UTC")
_COLUMNS: list[tuple[str, pa.DataType]] = [
    ("series", pa.string()),
    ("origin", TIME),
    ("target", TIME),
    ("h", pa.int32()),
    *[(f"q{level}", pa.float32()) for level in DECILES],
]
SCHEMA = pa.schema(_COLUMNS)


class ForecastsFile:
    """Written origin by origin."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._writer.close()

    def write(self, made: Forecasts) -> None:
        """All forecasts of one origin."""
        series, horizon, levels = made.quantiles.shape
        rows = series * horizon
        ahead = np.arange(1, horizon + 1)
        names: Any = pa.array(np.repeat(np.arange(series, dtype=np.int32), horizon))
        targets = (made.origin_ms + made.step_ms[:, None] * ahead).ravel()
        columns: list[Any] = [
            pa.DictionaryArray.from_arrays(names, pa.array(made.names, pa.string())).cast(pa.string()),
            _times(np.full(rows, made.origin_ms)),
            _times(targets),
            pa.array(np.tile(ahead.astype(np.int32), series)),
            *[pa.array(column) for column in made.quantiles.reshape(rows, levels).T.astype(np.float32)],
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=SCHEMA))


def _times(times_ms: Ints) -> Any:
    return pa.array(times_ms).cast(TIME)
