"""A histogram of durations, as cheap as its one observation a batch."""

from bisect import bisect_left

BOUNDS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""From a step over a few samples to one that holds up the heartbeat of everything else."""


class Durations:
    """How many durations lay below each bound, and their sum."""

    def __init__(self) -> None:
        self.sum_s = 0.0
        self._counts = [0] * (len(BOUNDS_S) + 1)

    def observe(self, seconds: float) -> None:
        """Count one."""
        self.sum_s += seconds
        self._counts[bisect_left(BOUNDS_S, seconds)] += 1

    def buckets(self) -> list[tuple[str, float]]:
        """Prometheus' buckets: each bound, and the number of durations up to it."""
        buckets, so_far = [], 0
        for bound, count in zip([*map(str, BOUNDS_S), "+Inf"], self._counts, strict=True):
            so_far += count
            buckets.append((bound, float(so_far)))
        return buckets
