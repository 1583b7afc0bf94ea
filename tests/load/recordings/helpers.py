"""Recordings written by hand, and tables as plain rows."""

import gzip
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from load.recordings.table import SampleTable
from streams.series import SeriesKey, parse_series, series_name

Row = tuple[int, str, float]


def rows_of(tables: Iterable[SampleTable]) -> list[Row]:
    """(timestamp_ms, series, value) of every row, in order."""
    return [
        (time, series_name(table.series[place]), value)
        for table in tables
        for time, place, value in zip(
            table.timestamp_ms.tolist(), table.index.tolist(), table.value.tolist(), strict=True
        )
    ]


def table_of(rows: Iterable[Row]) -> SampleTable:
    """The inverse of `rows_of` for one table."""
    rows = list(rows)
    places: dict[SeriesKey, int] = {}
    index = [places.setdefault(parse_series(series), len(places)) for _, series, _ in rows]
    return SampleTable(
        list(places),
        np.array(index, np.int64),
        np.array([time for time, _, _ in rows], np.int64),
        np.array([value for _, _, value in rows], np.float64),
    )


def write_text(path: Path, text: str) -> Path:
    """A CSV file, compressed as its name says."""
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif path.suffix == ".zst":
        path.write_bytes(pa.compress(text.encode(), codec="zstd", asbytes=True))
    else:
        path.write_text(text)
    return path


def write_parquet(path: Path, columns: dict[str, object], row_group_size: int | None = None) -> Path:
    """A Parquet file with the types that pyarrow finds."""
    pq.write_table(pa.table(columns), path, row_group_size=row_group_size)
    return path
