"""What fleet to generate."""

from dataclasses import asdict, dataclass

import numpy as np

from load.recordings.table import IntColumn

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

START_MS_DEFAULT = 1_767_571_200_000  # 2026-01-05T00:00:00Z, a Monday.
SPAN_MS_MIN = 6 * HOUR_MS  # Shorter, and the incident has no room.
STEP_MS_MAX = HOUR_MS


@dataclass(frozen=True, slots=True)
class FleetSpec:
    """A fleet and the span of its recording; the same spec gives the same samples.

    Raises
    ------
    ValueError
        If a count, the span or the step can't be had; the message says which.
    """

    seed: int = 1
    hosts: int = 12
    services: int = 6
    volumes: int = 8
    days: float = 7.0
    step_ms: int = MINUTE_MS
    start_ms: int = START_MS_DEFAULT
    cases: int = 0

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, got {self.seed}")
        if self.cases < 0:
            raise ValueError(f"cases must not be negative, got {self.cases}")
        if min(self.hosts, self.services, self.volumes) < 1:
            raise ValueError("a fleet needs at least one host, one service and one volume")
        if not 1 <= self.step_ms <= STEP_MS_MAX:
            raise ValueError(f"step must be from 1 ms to 1 h, got {self.step_ms} ms")
        if self.days * DAY_MS < SPAN_MS_MIN:
            raise ValueError(f"days must be at least {SPAN_MS_MIN / DAY_MS:g}, got {self.days:g}")

    @property
    def steps(self) -> int:
        """Times in the recording."""
        return int(self.days * DAY_MS) // self.step_ms

    @property
    def end_ms(self) -> int:
        """One step after the last time."""
        return self.start_ms + self.steps * self.step_ms

    def times_ms(self) -> IntColumn:
        """Event times [steps]."""
        return self.start_ms + np.arange(self.steps, dtype=np.int64) * self.step_ms

    def at(self, fraction: float) -> int:
        """The time on the grid at a fraction of the span."""
        return self.start_ms + int(fraction * self.steps) * self.step_ms

    def as_json(self) -> dict[str, int | float]:
        """The spec's fields, to make the recording again."""
        return asdict(self)
