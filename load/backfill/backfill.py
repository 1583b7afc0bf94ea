"""History into a telemetry topic, in the order of time, so that day one has what the models want to have seen."""

import asyncio
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from load.backfill.part import Missing, Part
from load.backfill.seam import Held, held_by, refuse_gap, refuse_later_samples, resumed_from_ms
from load.recordings.recording import Recording
from load.replay.catalogue import SeriesCatalogue
from load.replay.messages import encoder_for
from load.replay.progress import shown_on
from load.replay.replay import Replay, ReplayResult
from load.replay.sender import Sender
from load.replay.target import connected, ensure_topic

CODEC = "json"
"""What is written."""


@dataclass(frozen=True, slots=True)
class BackfillJob:
    """What to write where: samples from `start_ms` to before `stop_ms`; `live`: the topic that goes on from there."""

    client: dict[str, Any]
    topic: str
    live: str | None
    live_codec: str
    create_partitions: int | None
    entity_labels: frozenset[str]
    start_ms: int
    stop_ms: int
    resume: bool


@dataclass(frozen=True, slots=True)
class BackfillResult:
    """What was sent, from where on, and the first event time of the live topic."""

    sent: ReplayResult
    from_ms: int
    live_from_ms: int | None


async def backfill(history: Recording, job: BackfillJob, console: Console) -> BackfillResult:
    """Write what is missing, once it is certain that it will meet what is live.

    Raises
    ------
    SeamError
        If it would not; nothing is written then.
    """
    await ensure_topic(job.client, job.topic, job.create_partitions)
    live = None if job.live is None else await held_by(job.client, job.live, job.live_codec)
    if live is not None and job.live is not None:
        refuse_gap(live, job.stop_ms, job.live)
    target = await held_by(job.client, job.topic, CODEC)
    if not job.resume:
        refuse_later_samples(target, job.start_ms, job.topic)
        target = Held({}, None)
    from_ms = resumed_from_ms(target, job.start_ms)
    sent = await _send(Part(history, from_ms, job.stop_ms), job, target, console)
    return BackfillResult(sent, from_ms, None if live is None else live.first_ms)


async def _send(history: Part, job: BackfillJob, target: Held, console: Console) -> ReplayResult:
    async with connected(job.client) as producer:
        partitions = len(await producer.partitions_for(job.topic))
        encoder = Missing(encoder_for(1, SeriesCatalogue(job.entity_labels, partitions)), target.newest_ms)
        clock, span_ms = asyncio.get_running_loop().time, history.span_ms()
        with shown_on(console, span_ms) as progress:
            sender = Sender(producer, job.topic)
            return await Replay(history, span_ms[0], encoder, sender, None, None, clock, progress).run()
