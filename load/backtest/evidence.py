"""Evidence: what the report draws beside predictions; result files, samples of a few series, labels."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from load.backtest.labels import Label
from load.recordings.recording import ROWS_MAX, Recording
from models.arrays import Floats, Ints
from streams.series import series_name


class Course(NamedTuple):
    """Samples of a series as they came, shapes [n]."""

    timestamp_ms: Ints
    value: Floats


@dataclass(frozen=True, slots=True)
class Evidence:
    """The folder of a run's files, its recording, and what is known to have happened."""

    out: Path
    recording: Recording
    labels: Sequence[Label] = ()

    def courses(self, names: Collection[str]) -> dict[str, Course]:
        """The samples of some series; the recording is gone through once more."""
        parts: dict[str, list[Course]] = {name: [] for name in names}
        for table in self.recording.tables(ROWS_MAX) if names else ():
            numbers = {series_name(key): number for number, key in enumerate(table.series)}
            for name in parts.keys() & numbers.keys():
                rows = np.flatnonzero(table.index == numbers[name])
                parts[name].append(Course(table.timestamp_ms[rows], table.value[rows]))
        return {name: Course(*map(np.concatenate, zip(*found, strict=True))) for name, found in parts.items() if found}
