"""What a pipeline says of itself: figures for those who watch it. None of them decides anything."""

from collections import Counter
from typing import NamedTuple

from models.arrays import Floats
from streams.pipeline.marks import NO_MARKS
from streams.rejects import RejectReason


class PipelineFigures(NamedTuple):
    """A partition's pipeline at one instant.

    `samples`, `rejects`, `evicted`, `repeated` and `marks` only grow while a pipeline lives. The first two go on from
    the state that was loaded, the others begin at zero.
    """

    series: int
    """Series that have a slot."""
    series_max: int
    """Slots there are."""
    event_time_ms: int | None
    """How far event time has come; None before the first tick."""
    samples: int
    """Samples taken."""
    rejects: Counter[RejectReason]
    """Rows refused, by reason; the pipeline goes on counting in it."""
    evicted: int
    """Idle series that gave their place away."""
    repeated: int
    """Rows, and events, that came again and were passed over."""
    marks: Floats = NO_MARKS
    """How the forecasts that were published fared before (`streams.pipeline.marks`)."""
