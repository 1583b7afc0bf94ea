"""Memory that leaks until the process is killed at its limit and starts again."""

from dataclasses import dataclass

import numpy as np

from load.generate.spec import HOUR_MS, FleetSpec
from load.recordings.table import FloatColumn, IntColumn

PERIOD_HOURS = (40.0, 44.0)  # From one restart to the next.
START_SHARE = 0.25  # Of the limit, just after a restart.
JITTER_SHARE = 0.003


@dataclass(frozen=True, slots=True)
class Leaking:
    """Memory in use [steps], steps of the restarts, and when the limit is reached next after the recording."""

    used_bytes: FloatColumn
    restarts: IntColumn
    bytes_per_hour: float
    next_ms: int


def leaking_memory(rng: np.random.Generator, spec: FleetSpec, limit_bytes: float) -> Leaking:
    """A leak that reaches the limit again and again, each time a whole period after the last.

    The phase is drawn so that one period is some way from its end where the recording ends.
    """
    period = int(rng.uniform(*PERIOD_HOURS) * HOUR_MS) // spec.step_ms
    phase = (int(rng.uniform(0.4, 0.7) * period) - spec.steps) % period
    age = (np.arange(spec.steps) + phase) % period
    share = START_SHARE + (1 - START_SHARE) * age / period - np.abs(JITTER_SHARE * rng.standard_normal(spec.steps))
    restarts = np.flatnonzero(age == 0).astype(np.int64)
    bytes_per_hour = (1 - START_SHARE) * limit_bytes / (period * spec.step_ms / HOUR_MS)
    next_step = spec.steps + period - (spec.steps + phase) % period
    return Leaking(
        np.floor(limit_bytes * share), restarts[restarts > 0], bytes_per_hour, spec.start_ms + next_step * spec.step_ms
    )
