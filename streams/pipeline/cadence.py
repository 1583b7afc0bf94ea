"""Cadence: the step of a series, from the gaps between its first samples."""

from itertools import pairwise
from statistics import median

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

SAMPLES_NEEDED = 9
"""First samples looked at: 8 gaps."""

STEPS_MS = (
    *[100, 200, 250, 500],
    *[n * SECOND_MS for n in (1, 2, 5, 10, 15, 20, 30)],
    *[n * MINUTE_MS for n in (1, 2, 3, 5, 7, 10, 15, 20, 30)],
    *[n * HOUR_MS for n in (1, 2, 3, 4, 6, 8, 12)],
    *[n * DAY_MS for n in (1, 7, 30)],
)
"""Steps that telemetry is taken at."""

SNAP_SHARE = 0.1
"""A median gap this close to a usual step is that step."""


def inferred_step_ms(timestamps_ms: list[int]) -> int:
    """The snapped median of the gaps between ascending, different instants (at least two)."""
    gap = median([later - earlier for earlier, later in pairwise(timestamps_ms)])
    nearest = min(STEPS_MS, key=lambda step: abs(step - gap))
    return nearest if abs(nearest - gap) <= SNAP_SHARE * nearest else max(1, round(gap))
