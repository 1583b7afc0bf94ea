"""Recordings as courses: the samples of one series on its grid, the first one of each step."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from load.insights.capacity.tracks import Track, aging_tracks, bursty_tracks
from models.arrays import Floats, Ints

MINUTE_MS = 60_000
VMS_STEP_MS = 5 * MINUTE_MS
VMS = 500


class Course(NamedTuple):
    """Shapes (n,); steps ascending, none missing a value."""

    step: Ints
    value: Floats


def course(time_ms: Ints, value: Floats, step_ms: int) -> Course:
    """The course of samples whose times ascend."""
    step, first = np.unique(time_ms // step_ms, return_index=True)
    return Course(step, value[first])


def virtual_machines(folder: Path) -> Iterator[Course]:
    """CPU of the first machines of a wide Parquet file, in per cent."""
    for _, track in zip(range(VMS), bursty_tracks(min(folder.glob("*.parquet"))), strict=False):
        yield _of_track(track, VMS_STEP_MS)


def ageing_server(folder: Path) -> Iterator[Course]:
    """Memory and disk of every run in a folder of CSV files, by the minute; without those that never change."""
    for track in aging_tracks(folder):
        if np.ptp(track.value) > 0.0:
            yield _of_track(track, MINUTE_MS)


def web_site(folder: Path) -> Iterator[Course]:
    """Requests of a CSV file of times and counts, by the minute."""
    with min(folder.glob("*.csv")).open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    times = [datetime.fromisoformat(row[0]).replace(tzinfo=UTC).timestamp() for row in rows]
    value = np.array([float(row[1]) for row in rows])
    yield course((np.array(times) * 1000.0).astype(np.int64), value, MINUTE_MS)


def _of_track(track: Track, step_ms: int) -> Course:
    return course(track.time_ms, track.value, step_ms)
