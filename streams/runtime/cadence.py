"""When a partition's checkpoint is due: when the samples since the last one have paid for it, or when it is old.

The samples topic is the write-ahead log, so a checkpoint need not follow a sample: what it does not hold is replayed.
A checkpoint costs the bytes that it writes, and saves the replay of the samples since the last one. Fast series pay for
it by samples, and leave as many to replay at any speed; slow ones would leave hours of theirs, and are written by age.
"""

from typing import NamedTuple

LOOK_S = 1.0
"""How often it is looked whether a checkpoint is due, or a tenth of the interval if that is less."""

APART_S = 10.0
"""Checkpoints that samples pay for are this far apart: those of a state that is still small would never stop."""


class Cadence(NamedTuple):
    """How often checkpoints are written.

    Attributes
    ----------
    interval_s
        No checkpoint is older than this when the next one is begun.
    bytes_per_sample
        What a sample pays towards the bytes of the next checkpoint.
    """

    interval_s: float
    bytes_per_sample: int

    @property
    def look_s(self) -> float:
        """How often to look whether a checkpoint is due."""
        return min(LOOK_S, self.interval_s / 10)

    def is_paid(self, samples: int, cost_bytes: int, age_s: float) -> bool:
        """Whether the samples since the last checkpoint, which cost so many bytes, have paid for another.

        The first one costs nothing, for its cost is not known: it tells what the next one will.
        """
        return age_s >= APART_S and samples > 0 and cost_bytes <= samples * self.bytes_per_sample
