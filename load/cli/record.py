"""`foreshock record`: a topic into a recording."""

import time
from pathlib import Path

import click

from load.cli.options import duration_of, moment_of
from load.record.record import RecordJob, record_topic
from load.record.telemetry import BLOCKS
from load.recordings.files import known_suffix
from streams.cli.broker_options import broker_options, client_of
from streams.cli.errors import ExitCode, UserError
from streams.codecs.registry import names
from streams.settings.instants import format_instant


class NothingRecordedError(UserError):
    """The topic has no sample of what was asked for."""

    exit_code = ExitCode.USAGE


@click.command()
@click.option("--topic", required=True, help="The topic to read.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file: .parquet or .csv[.gz|.zst].")
@broker_options
@click.option(
    "--codec",
    type=click.Choice([*names(), BLOCKS]),
    default="auto",
    show_default=True,
    help=f"The format of the messages; {BLOCKS}: the blocks of foreshock's own samples topic.",
)
@click.option("--from", "from_ms", callback=moment_of, metavar="MOMENT", help="Samples from this event time on.")
@click.option("--until", "until_ms", callback=moment_of, metavar="MOMENT", help="Samples from before this event time.")
@click.option("--for", "wait_ms", callback=duration_of, metavar="DURATION", help="Wait so long for more to come.")
def record(
    topic: str,
    out: Path,
    broker: str | None,
    config: Path | None,
    codec: str,
    from_ms: int | None,
    until_ms: int | None,
    wait_ms: int | None,
) -> None:
    """Record a topic, as far as it reaches now, for backtest, fit and replay. Moments: now, -10m, +2h, or RFC 3339."""
    known_suffix(out)
    job = RecordJob(client_of(broker, config), topic, codec, out, from_ms, until_ms, (wait_ms or 0) / 1000)
    begun = time.monotonic()
    found = record_topic(job)
    if not found.samples or found.first_ms is None or found.last_ms is None:
        out.unlink(missing_ok=True)
        raise NothingRecordedError(f"{topic} has no sample of what was asked for; {found.skipped:,} can't be read")
    print(f"{found.samples:,} samples in {out}, in {time.monotonic() - begun:.1f} s")
    print(f"event time: {format_instant(found.first_ms)} to {format_instant(found.last_ms)}")
    if found.skipped:
        print(f"passed over, as a worker would reject them: {found.skipped:,}")
