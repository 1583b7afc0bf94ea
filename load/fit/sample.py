"""A sample of a recording's series, held in memory: the same ones for the same seed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from load.fit.errors import FitError
from load.recordings.recording import Recording, open_recording
from load.recordings.table import IntColumn, SampleTable, concatenate, slices
from streams.series import SeriesKey, series_name

TABLE_ROWS = 200_000
SAMPLES_MIN = 250
"""Of a series: a fifth is held out, and what is left is to be fitted to."""


@dataclass(frozen=True, slots=True)
class Held:
    """Samples of some series as a recording; there is at least one."""

    name: str
    table: SampleTable

    def span_ms(self) -> tuple[int, int]:
        """First and last event time."""
        return int(self.table.timestamp_ms[0]), int(self.table.timestamp_ms[-1])

    def tables(self, rows_max: int) -> Iterator[SampleTable]:
        """Samples in time order."""
        return slices(self.table, rows_max)


def sampled(path: Path, series_max: int, seed: int) -> Held:
    """At most `series_max` series of a recording, of those with enough samples."""
    recording = open_recording(path)
    taken = set(_chosen(_counted(recording), series_max, seed))
    if not taken:
        raise FitError(f"{path}: no series has {SAMPLES_MIN} samples, which a fit needs\ntake a longer recording")
    return Held(path.name, concatenate([_only(table, taken) for table in recording.tables(TABLE_ROWS)]))


def _counted(recording: Recording) -> Counter[SeriesKey]:
    counts: Counter[SeriesKey] = Counter()
    for table in recording.tables(TABLE_ROWS):
        rows = np.bincount(table.index, minlength=len(table.series)).tolist()
        counts.update(dict(zip(table.series, rows, strict=True)))
    return counts


def _chosen(counts: Counter[SeriesKey], series_max: int, seed: int) -> list[SeriesKey]:
    """Those with the lowest hashes of seed and name."""
    enough = [key for key, count in counts.items() if count >= SAMPLES_MIN]
    return sorted(enough, key=lambda key: (crc32(f"{seed}/{series_name(key)}".encode()), key))[:series_max]


def _only(table: SampleTable, taken: set[SeriesKey]) -> SampleTable:
    places = np.array([place for place, key in enumerate(table.series) if key in taken], np.int64)
    renumbered: IntColumn = np.full(len(table.series), -1)
    renumbered[places] = np.arange(len(places))
    rows = np.flatnonzero(renumbered[table.index] >= 0)
    return SampleTable(
        [table.series[place] for place in places.tolist()],
        renumbered[table.index[rows]],
        table.timestamp_ms[rows],
        table.value[rows],
    )
