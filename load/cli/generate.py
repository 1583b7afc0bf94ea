"""`foreshock generate`: a synthetic fleet as a recording, with its ground truth beside it."""

from pathlib import Path

import click
import orjson

from load.generate.fleet import Fleet, generate_fleet
from load.generate.spec import MINUTE_MS, START_MS_DEFAULT, FleetSpec
from load.recordings.files import known_suffix, stem_of
from load.recordings.write import write_recording
from streams.settings.durations import format_duration, parse_duration
from streams.settings.instants import format_instant, parse_instant


def _duration(_context: click.Context, _parameter: click.Parameter, text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _instant(_context: click.Context, _parameter: click.Parameter, text: str) -> int:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file: .parquet or .csv[.gz|.zst].")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Same seed, same samples.")
@click.option("--hosts", type=click.IntRange(min=1), default=12, show_default=True)
@click.option("--services", type=click.IntRange(min=1), default=6, show_default=True)
@click.option("--volumes", type=click.IntRange(min=1), default=8, show_default=True)
@click.option("--days", type=click.FloatRange(min=0.25), default=7.0, show_default=True, help="Length in event time.")
@click.option(
    "--cases",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Of each kind, for the insights to be judged.",
)
@click.option(
    "--step",
    "step_ms",
    callback=_duration,
    default=format_duration(MINUTE_MS),
    show_default=True,
    help="Time between the samples of a series, up to 1h.",
)
@click.option(
    "--start",
    "start_ms",
    callback=_instant,
    default=format_instant(START_MS_DEFAULT),
    show_default=True,
    help="Event time of the first sample.",
)
@click.option("--force", is_flag=True, help="Write over a recording that is there already.")
def generate(
    out: Path,
    seed: int,
    hosts: int,
    services: int,
    volumes: int,
    days: float,
    cases: int,
    step_ms: int,
    start_ms: int,
    force: bool,
) -> None:
    """Generate telemetry of a fleet, with a filling disk, a leaking service and an incident.

    What really happens is written beside the recording, to a file ending in .truth.json, and deploys that somebody
    would tell of to one ending in .events.jsonl.
    """
    try:
        spec = FleetSpec(seed, hosts, services, volumes, days, step_ms, start_ms, cases)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    known_suffix(out)
    if out.exists() and not force:
        raise click.UsageError(f"{out} is there already: name another file, or add --force")
    fleet = generate_fleet(spec)
    samples = write_recording(out, fleet.tables(), fleet.labels())
    truth_file = _write_truth(out, fleet)
    _write_events(out, fleet)
    print(f"{samples:,} samples of {len(fleet.series):,} series in {out}, what happens in {truth_file}")


def _write_truth(out: Path, fleet: Fleet) -> Path:
    truth_file = out.with_name(stem_of(out) + ".truth.json")
    truth_file.write_bytes(orjson.dumps(fleet.truth_json(), option=orjson.OPT_INDENT_2) + b"\n")
    return truth_file


def _write_events(out: Path, fleet: Fleet) -> None:
    messages = fleet.event_messages()
    if messages:
        lines = [orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE) for message in messages]
        out.with_name(stem_of(out) + ".events.jsonl").write_bytes(b"".join(lines))
