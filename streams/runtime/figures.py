"""What a role tells those who watch it."""

from typing import NamedTuple

from streams.pipeline.figures import PipelineFigures


class PartitionView(NamedTuple):
    """A partition with state."""

    partition: int
    pipeline: PipelineFigures
    checkpoint_age_s: float
    is_rebuilding: bool
    """Whether its state was damaged, and is not back yet."""


class RestoreFigures(NamedTuple):
    """What was read back from the changelog since the start."""

    times: int = 0
    seconds: float = 0.0
    records: int = 0
    value_bytes: int = 0
