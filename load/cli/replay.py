"""`foreshock replay`: recorded telemetry into a topic."""

import asyncio
import logging
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from load.recordings.recording import Recording, open_recording
from load.replay.catalogue import SeriesCatalogue
from load.replay.messages import encoder_for
from load.replay.progress import shown_on
from load.replay.replay import Replay, ReplayResult
from load.replay.schedule import LATE_S
from load.replay.sender import Sender
from load.replay.target import connected, ensure_topic
from streams.cli.broker_options import broker_options, client_of
from streams.cli.errors import ExitCode, UserError

BATCH_MAX = 10_000  # Sources refuse larger messages unless they are configured otherwise.
NOTHING = "the recording has no sample of what was asked for: look at --metrics"


class NothingToReplayError(UserError):
    """No series of the recording was asked for."""

    exit_code = ExitCode.USAGE


class Speed(click.ParamType):
    """A factor, or ``max``."""

    name = "N|max"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The factor; infinite for ``max``."""
        if value == "max":
            return math.inf
        try:
            factor = float(str(value))
        except ValueError:
            factor = math.nan
        if not 0 < factor < math.inf:
            self.fail(f"{value!r} is neither a number above zero nor 'max'", param, ctx)
        return factor


@dataclass(frozen=True, slots=True)
class Job:
    """What to send where, and how."""

    client: dict[str, Any]
    topic: str
    create_partitions: int | None
    entity_labels: frozenset[str]
    batch: int
    speed: float | None
    limit: int | None


@click.command()
@click.argument("recording", type=click.Path(path_type=Path))
@click.option("--speed", type=Speed(), default="1", show_default=True, help="Times as fast as it happened, or max.")
@broker_options
@click.option("--topic", default="telemetry", show_default=True, help="Topic to write to.")
@click.option("--metrics", multiple=True, metavar="GLOB", help="Only metrics that match; may be given several times.")
@click.option("--entity", multiple=True, metavar="LABEL", help="Labels that name the entity, the key; all by default.")
@click.option(
    "--batch", type=click.IntRange(1, BATCH_MAX), default=1, show_default=True, help="Samples of an entity per message."
)
@click.option("--create-topic", is_flag=True, help="Create the topic, of one replica, if it is missing.")
@click.option("--partitions", type=click.IntRange(min=1), default=8, show_default=True, help="Of a topic it creates.")
@click.option("--limit", type=click.IntRange(min=1), metavar="ROWS", help="Stop after this many samples.")
def replay(
    recording: Path,
    speed: float,
    broker: str | None,
    config: Path | None,
    topic: str,
    metrics: tuple[str, ...],
    entity: tuple[str, ...],
    batch: int,
    create_topic: bool,
    partitions: int,
    limit: int | None,
) -> int:
    """Replay RECORDING (CSV, Parquet, or a folder of them) into a topic, in event-time order.

    Messages are sent when they are due, whatever the broker does; how late sends were is reported at the end.
    """
    # Its complaints come back to us as errors, which are told in our words.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    job = Job(
        client=client_of(broker, config),
        topic=topic,
        create_partitions=partitions if create_topic else None,
        entity_labels=frozenset(entity),
        batch=batch,
        speed=None if math.isinf(speed) else speed,
        limit=limit,
    )
    result = asyncio.run(run_job(open_recording(recording, metrics), job, Console(stderr=True)))
    if not result.samples:
        raise NothingToReplayError(NOTHING)
    print(summary(result, topic))
    return ExitCode.FAILURE if result.failed else ExitCode.OK


async def run_job(recording: Recording, job: Job, console: Console) -> ReplayResult:
    """Replay a recording, or a generated fleet."""
    span_ms = await asyncio.to_thread(recording.span_ms)
    if span_ms is None:
        raise NothingToReplayError(NOTHING)
    await ensure_topic(job.client, job.topic, job.create_partitions)
    async with connected(job.client) as producer:
        partitions = len(await producer.partitions_for(job.topic))
        encoder = encoder_for(job.batch, SeriesCatalogue(job.entity_labels, partitions))
        clock = asyncio.get_running_loop().time
        with shown_on(console, span_ms) as progress:
            sender = Sender(producer, job.topic)
            return await Replay(recording, span_ms[0], encoder, sender, job.speed, job.limit, clock, progress).run()


def summary(result: ReplayResult, topic: str) -> str:
    """What happened, for the end of the run."""
    pace = f"{result.seconds:.1f} s ({result.samples / max(result.seconds, 1e-3):,.0f} samples/s)"
    lines = [
        f"{result.samples:,} samples in {result.messages:,} messages to {topic} in {pace}",
        f"late by more than {LATE_S:g} s: {result.late:,} messages, at worst {result.worst_s:.2f} s",
    ]
    if result.failed:
        ending = ", and gave up: the broker took no more" if result.stopped else ""
        lines += [f"FAILED: {result.failed:,} samples{ending}", *[f"  {error}" for error in result.errors]]
    return "\n".join(lines)
