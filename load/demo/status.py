"""What is going on, as one value: what the views show and the summary sums up."""

from collections.abc import Callable
from dataclasses import dataclass, field

from load.demo.board import Board
from load.demo.feed import FeedState, Phase
from load.demo.phrases import event_time
from load.demo.scenario import SPEED
from streams.schema import ForecastQuality, RecordKind


@dataclass(slots=True)
class Status:
    """A demo under way; `clock` reads seconds, `start_s` is when it began."""

    broker_name: str
    bootstrap_servers: str
    series: int
    span_ms: tuple[int, int]
    topics: list[str]
    start_s: float
    clock: Callable[[], float]
    board: Board = field(default_factory=Board)
    feed: FeedState = field(default_factory=FeedState)
    first_prediction_s: float | None = None
    page: str = ""
    """Where the page is, once it is there."""

    @property
    def seconds(self) -> float:
        """Since the start."""
        return self.clock() - self.start_s

    @property
    def share_sent(self) -> float:
        """How much of the recording was sent, from 0 to 1."""
        first_ms, last_ms = self.span_ms
        return min(max((self.feed.event_ms - first_ms) / (last_ms - first_ms), 0.0), 1.0)

    def note_first_prediction(self) -> None:
        """Note the time, once there is a prediction."""
        if self.first_prediction_s is None and self.board.reached_ms:
            self.first_prediction_s = self.seconds


def progress(status: Status) -> str:
    """Where the replay is: phase, event time, speed."""
    phase = status.feed.phase
    if phase is Phase.OVER:
        return f"{phase}, at {event_time(status.board.reached_ms)} UTC; Ctrl-C ends the demo"
    if phase is Phase.STARTING:
        return f"{phase}, {status.seconds:.0f} s"
    pace = f"{SPEED:g} times as fast as it happened" if phase is Phase.WATCHED else "as fast as the worker takes it"
    return f"{phase} {pace}; event time {event_time(status.board.reached_ms)} UTC"


def counts(status: Status) -> str:
    """What went in and came out."""
    came = status.board.counts
    return (
        f"{status.feed.samples:,} samples in; {came[RecordKind.FORECAST]:,} forecasts, "
        f"{came[RecordKind.CAPACITY]:,} capacity, {came[RecordKind.FAILURE]:,} failure, "
        f"{came[RecordKind.ANOMALY]:,} anomaly, {came[RecordKind.INCIDENT]:,} incident records; "
        f"{came[RecordKind.REJECT]:,} rejected"
    )


def quality(status: Status) -> str:
    """How many series have forecasts that are worth acting on: ``forecasts by what came: 40 ok, 18 warming``."""
    judged = status.board.quality()
    return "forecasts by what came: " + (
        ", ".join([f"{judged[each]:,} {each}" for each in ForecastQuality if judged[each]]) or "none yet"
    )
