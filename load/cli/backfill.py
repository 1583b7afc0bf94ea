"""`foreshock backfill`: history into a telemetry topic, before what is live."""

import asyncio
import logging
import time
from pathlib import Path

import click
from rich.console import Console

from load.backfill.backfill import BackfillJob, BackfillResult, backfill
from load.backfill.errors import QueryError
from load.backfill.prometheus import PrometheusHistory
from load.cli.options import duration_of, moment_of
from load.recordings.recording import Recording, open_recording
from streams.cli.broker_options import broker_options, client_of
from streams.cli.errors import ExitCode
from streams.codecs.registry import names
from streams.settings.durations import DAY_MS, format_duration
from streams.settings.instants import format_instant

DAYS_DEFAULT = 14


@click.command(name="backfill")
@click.argument("recording", type=click.Path(path_type=Path), required=False)
@click.option("--prometheus", "url", metavar="URL", help="Ask this server's query_range, in place of a RECORDING.")
@click.option("--query", "queries", multiple=True, help="What to ask it for, such as node_load1; may be given often.")
@click.option("--step", "step_ms", callback=duration_of, default="1m", show_default=True, help="Of the queries.")
@click.option("--token-file", type=click.Path(path_type=Path), help="A file with the bearer token for the server.")
@click.option("--topic", required=True, help="The telemetry topic to write to.")
@click.option("--live", help="The topic that producers write to already, if it is another one: checked for a gap.")
@click.option("--live-codec", type=click.Choice(list(names())), default="auto", show_default=True, help="Its format.")
@click.option("--from", "start_ms", callback=moment_of, metavar="MOMENT", help="Begin here; else all, or 14 days back.")
@click.option("--until", "stop_ms", callback=moment_of, metavar="MOMENT", help="End before this; by default now.")
@click.option("--resume", is_flag=True, help="Go on with a backfill that did not end.")
@broker_options
@click.option("--entity", multiple=True, metavar="LABEL", help="Labels that name the entity, the key; all by default.")
@click.option("--create-topic", is_flag=True, help="Create the topic, of one replica, if it is missing.")
@click.option("--partitions", type=click.IntRange(min=1), default=8, show_default=True, help="Of a topic it creates.")
def backfill_command(
    recording: Path | None,
    url: str | None,
    queries: tuple[str, ...],
    step_ms: int,
    token_file: Path | None,
    topic: str,
    live: str | None,
    live_codec: str,
    start_ms: int | None,
    stop_ms: int | None,
    resume: bool,
    broker: str | None,
    config: Path | None,
    entity: tuple[str, ...],
    create_topic: bool,
    partitions: int,
) -> int:
    """Write history into a topic in event time: a RECORDING, or what a Prometheus knows.

    Write it before a worker reads anything newer of the same series. After a kill, --resume goes on where it was.
    """
    # Its complaints come back to us as errors, which are told in our words.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    if (recording is None) == (url is None):
        raise click.UsageError("give either a RECORDING or --prometheus URL")
    stop_ms = time.time_ns() // 1_000_000 if stop_ms is None else stop_ms
    if url is None:
        assert recording is not None
        history: Recording = open_recording(recording)
        span_ms = history.span_ms() or (stop_ms, stop_ms)
        start_ms = span_ms[0] if start_ms is None else start_ms
        stop_ms = min(stop_ms, span_ms[1] + 1)
    else:
        history = _prometheus(url, queries, step_ms, start_ms, stop_ms, token_file)
        start_ms, stop_ms = history.start_ms, history.stop_ms
    labels = frozenset(entity)
    create = partitions if create_topic else None
    job = BackfillJob(client_of(broker, config), topic, live, live_codec, create, labels, start_ms, stop_ms, resume)
    result = asyncio.run(backfill(history, job, Console(stderr=True)))
    print("\n".join(summary(job, result)))
    return ExitCode.FAILURE if result.sent.failed else ExitCode.OK


def summary(job: BackfillJob, result: BackfillResult) -> list[str]:
    """What was done, and how history and live samples meet."""
    sent = result.sent
    span = f"from {format_instant(result.from_ms)} to before {format_instant(job.stop_ms)}"
    lines = [f"{sent.samples:,} samples {span} to {job.topic}, in {sent.seconds:.1f} s"]
    if sent.failed:
        lines += [f"FAILED: {sent.failed:,} samples; go on with --resume", *[f"  {error}" for error in sent.errors]]
    if result.live_from_ms is not None:
        overlap = format_duration(job.stop_ms - result.live_from_ms)
        lines.append(f"{job.live} begins {overlap} before that: steps of both are taken once, the others rejected")
    return lines


def _prometheus(
    url: str, queries: tuple[str, ...], step_ms: int, start_ms: int | None, stop_ms: int, token_file: Path | None
) -> PrometheusHistory:
    if not url.startswith(("http://", "https://")):
        raise QueryError(f"--prometheus: {url!r} is no http:// or https:// address")
    if not queries:
        raise QueryError("--query: say what to ask for, such as --query node_load1")
    try:
        token = None if token_file is None else token_file.read_text().strip()
    except OSError as error:
        raise QueryError(f"--token-file: {token_file} can't be read: {error.strerror}") from error
    start_ms = stop_ms - DAYS_DEFAULT * DAY_MS if start_ms is None else start_ms
    # Multiples of the step, so that the same instants are asked for when it is resumed.
    begin, end = -(-start_ms // step_ms) * step_ms, -(-stop_ms // step_ms) * step_ms
    return PrometheusHistory(url, queries, begin, end, step_ms, token)
