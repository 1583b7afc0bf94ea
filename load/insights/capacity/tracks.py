"""Recordings as tracks: the samples of one series, and its level on a grid of five minutes."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from models.arrays import Floats, Times

GRID_MS = 300_000
PER_HOUR = 12
LEVEL_PLACES = 6  # Half an hour.

AGING_METRICS = ("usedMemory", "cachedMemory", "usedPartition")
BURSTY_METRIC = "cpu_usage_percent"


@dataclass(frozen=True, slots=True)
class Track:
    """One series of a recording.

    Attributes
    ----------
    time_ms, value
        Its samples, shape (n,), none missing.
    step_ms
        Their usual distance, to the second.
    place
        Of each sample, its place on the grid, shape (n,).
    level
        The trailing median of half an hour of means of five minutes, on the grid, shape (m,).
    """

    name: str
    time_ms: Times
    value: Floats
    step_ms: int
    place: Times
    level: Floats


def aging_tracks(folder: Path) -> Iterator[Track]:
    """Memory and disk of every run in a folder of CSV files."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        times = [datetime.fromisoformat(row["currentTime"]).replace(tzinfo=UTC).timestamp() for row in rows]
        time_ms = np.array(times) * 1000.0
        for metric in AGING_METRICS:
            yield track(
                f"{path.stem} {metric}", time_ms.astype(np.int64), np.array([float(row[metric]) for row in rows])
            )


def bursty_tracks(path: Path) -> Iterator[Track]:
    """CPU of every machine of a wide Parquet file, in the order of its columns."""
    file = pq.ParquetFile(path)
    names = [name for name in file.schema_arrow.names if name.startswith(BURSTY_METRIC + "{")]
    time_ms = file.read(["timestamp"])["timestamp"].cast(pa.timestamp("ms")).to_numpy().astype(np.int64)
    for name in names:
        yield track(name, time_ms, file.read([name])[name].to_numpy().astype(np.float64))


def track(name: str, time_ms: Times, value: Floats) -> Track:
    """A track of samples in order; NaN is a sample that is missing."""
    time_ms, value = time_ms[~np.isnan(value)], value[~np.isnan(value)]
    place = time_ms // GRID_MS - time_ms[0] // GRID_MS
    count = np.bincount(place)
    mean = np.where(count > 0, np.bincount(place, value) / np.maximum(count, 1), np.nan)
    step_ms = 1000 * round(float(np.median(np.diff(time_ms))) / 1000.0)
    return Track(name, time_ms, value, step_ms, place, _trailing_median(mean))


def _trailing_median(mean: Floats) -> Floats:
    padded = np.concatenate([np.full(LEVEL_PLACES - 1, np.nan), mean])
    windows = np.lib.stride_tricks.sliding_window_view(padded, LEVEL_PLACES)
    known = ~np.isnan(windows).all(axis=1)
    level = np.full(len(mean), np.nan)
    level[known] = np.nanmedian(windows[known], axis=1)
    return level
