"""What a soak shows: each figure at the beginning and at the end, and how fast it still grows once all is warm."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from load.soak.footprint import Footprint
from models.arrays import Floats

WARM_SHARE = 1 / 3
"""This part at the beginning is warm-up: slots are handed out, caches fill."""

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Course:
    """A figure over the soak; `first` is the first of the warm part."""

    name: str
    start: float
    first: float
    last: float
    highest: float
    per_hour: float

    def line(self) -> str:
        """For people."""
        return (
            f"{self.name}: {self.start:,.1f} at the start, {self.first:,.1f} when warm, {self.last:,.1f} at the end, "
            f"at most {self.highest:,.1f}; when warm {self.per_hour:+,.2f} an hour"
        )


def courses_of(footprints: Sequence[Footprint]) -> list[Course]:
    """Memory in MiB, file descriptors, threads."""
    seconds = np.array([each.second for each in footprints])
    return [
        _course("memory, MiB", seconds, np.array([each.rss_bytes / MIB for each in footprints])),
        _course("file descriptors", seconds, np.array([float(each.descriptors) for each in footprints])),
        _course("threads", seconds, np.array([float(each.threads) for each in footprints])),
    ]


def document_of(footprints: Sequence[Footprint], facts: dict[str, Any]) -> dict[str, Any]:
    """All of it, for a file."""
    courses = [asdict(course) for course in courses_of(footprints)]
    return {**facts, "courses": courses, "footprints": [each._asdict() for each in footprints]}


def _course(name: str, seconds: Floats, values: Floats) -> Course:
    warm = int(len(seconds) * WARM_SHARE)
    # The line of least squares through what is warm.
    slope = float(np.polyfit(seconds[warm:], values[warm:], 1)[0]) if len(seconds) - warm > 1 else 0.0
    start, first, last = float(values[0]), float(values[warm]), float(values[-1])
    return Course(name, start, first, last, float(values.max()), slope * 3600)
