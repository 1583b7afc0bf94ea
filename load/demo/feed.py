"""The fleet's telemetry into the source topic: its history as fast as the worker takes it, then the rest at a pace."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from aiokafka import AIOKafkaProducer

from load.demo.scenario import (
    EMIT_EVERY_STEPS,
    HISTORY_BATCH,
    SPEED,
    STEP_MS,
    FleetSpan,
    history_parts,
    watched_span,
)
from load.generate.fleet import Fleet
from load.generate.signal import ENTITY_LABELS
from load.replay.catalogue import SeriesCatalogue
from load.replay.messages import encoder_for
from load.replay.replay import Replay
from load.replay.sender import Sender
from streams.cli.errors import UserError

POLL_S = 0.05

PARTS_AHEAD = 2
"""Parts of the history that may be on their way: enough to keep the worker busy, little enough to see it go on."""

EMISSION_MS = EMIT_EVERY_STEPS * STEP_MS
"""The newest prediction is at most so much older than the newest sample."""


class Phase(StrEnum):
    """How far the feed has come."""

    STARTING = "starting the worker"
    HISTORY = "replaying history"
    WATCHED = "replaying"
    OVER = "the recording is over"


class FeedError(UserError):
    """The broker did not take the telemetry; the message says why."""


@dataclass(slots=True)
class FeedState:
    """What was sent: samples in parts that are complete and in the one under way, and the event time reached."""

    phase: Phase = Phase.STARTING
    samples_before: int = 0
    samples_now: int = 0
    event_ms: int = 0

    @property
    def samples(self) -> int:
        """Samples handed over."""
        return self.samples_before + self.samples_now

    def update(self, samples: int, event_ms: int, lag_s: float) -> None:  # noqa: ARG002 - lateness is of no interest
        """See `load.replay.replay.Progress`."""
        self.samples_now = samples
        self.event_ms = event_ms

    def finish_part(self) -> None:
        """The next samples are counted from zero."""
        self.samples_before += self.samples_now
        self.samples_now = 0


class Feed:
    """Sends a fleet.

    Parameters
    ----------
    producer, topic, partitions
        Where to.
    reached_ms
        Tells the newest event time of which there is a prediction.
    """

    def __init__(self, producer: AIOKafkaProducer, topic: str, partitions: int, reached_ms: Callable[[], int]) -> None:
        self.state = FeedState()
        self._sender = Sender(producer, topic)
        self._catalogue = SeriesCatalogue(ENTITY_LABELS, partitions)
        self._reached_ms = reached_ms

    async def run(self, fleet: Fleet) -> None:
        """Send everything; raises `FeedError`."""
        sent: list[FleetSpan] = []
        for part in history_parts(fleet):
            if len(sent) >= PARTS_AHEAD:
                await self._predicted(sent[-PARTS_AHEAD])
            await self._send(part, HISTORY_BATCH, None)
            sent.append(part)
        await self._predicted(sent[-1])
        self.state.phase = Phase.WATCHED
        await self._send(watched_span(fleet), 1, SPEED)
        self.state.phase = Phase.OVER

    async def _predicted(self, part: FleetSpan) -> None:
        """Wait until the predictions have come to the part's end."""
        while self._reached_ms() < part.stop_ms - EMISSION_MS:
            if self._reached_ms():
                self.state.phase = Phase.HISTORY
            await asyncio.sleep(POLL_S)

    async def _send(self, span: FleetSpan, batch: int, speed: float | None) -> None:
        clock = asyncio.get_running_loop().time
        encoder = encoder_for(batch, self._catalogue)
        result = await Replay(span, span.start_ms, encoder, self._sender, speed, None, clock, self.state).run()
        self.state.finish_part()
        if result.failed:
            raise FeedError(f"the broker did not take {result.failed:,} samples: {'; '.join(result.errors)}")
