"""``python -m load.autoscaling [RECORDING]``: autoscalers over a load, compared where they cost the same."""

from collections import Counter
from pathlib import Path

import click
import numpy as np

from load.autoscaling.contest import QUANTILES, contest
from load.autoscaling.made import DAY_MINUTES, made_load
from load.autoscaling.plot import write_plot
from load.autoscaling.policies import Service
from load.autoscaling.table import equal_cost_table, results_table
from load.autoscaling.trace import Trace, foretell
from load.recordings.recording import read_recording
from load.recordings.table import SampleTable, concatenate
from streams.settings.forecast import DECILES

HORIZON_STEPS = 30
REPLICAS_AT_MEDIAN = 20
MADE_DAYS = 10
LEAST, MOST = 2, 10_000


@click.command()
@click.argument("recording", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--metric", "metrics", multiple=True, help="A pattern of the metric, where the recording has several.")
@click.option(
    "--start-up", default=3, show_default=True, type=click.IntRange(1, 8), help="Minutes until a replica is ready."
)
@click.option("--capacity", type=float, help="Load of a replica; else the median load needs 20.")
@click.option(
    "--learn-days", default=7, show_default=True, help="Days at the beginning that are learned and not scored."
)
@click.option("--seed", default=1, show_default=True, help="Of the load that is generated where no RECORDING is given.")
@click.option(
    "--plot", type=click.Path(dir_okay=False, path_type=Path), help="Where to draw the comparison, as PNG or SVG."
)
def main(
    recording: Path | None,
    metrics: tuple[str, ...],
    start_up: int,
    capacity: float | None,
    learn_days: int,
    seed: int,
    plot: Path | None,
) -> None:
    """Compare autoscalers on RECORDING, one series by the minute, or on a load that is generated."""
    table = made_load(MADE_DAYS, seed) if recording is None else _read(recording, metrics)
    try:
        trace = foretell(table, HORIZON_STEPS, sorted({*DECILES, *QUANTILES}))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    first = learn_days * DAY_MINUTES
    if first >= len(trace.load):
        raise click.UsageError(f"--learn-days is {learn_days}, and the load has {len(trace.load) // DAY_MINUTES} days")
    capacity = capacity or float(np.median(trace.load[first:])) / REPLICAS_AT_MEDIAN
    service = Service(capacity, start_up, LEAST, MOST)
    entries = contest(trace, service, first)
    for line in (*_heading(trace, service, first), *results_table(entries), "", *equal_cost_table(entries)):
        click.echo(line)
    if plot:
        write_plot(plot, entries, trace, service)


def _read(recording: Path, metrics: tuple[str, ...]) -> SampleTable:
    return concatenate(list(read_recording(recording, metrics=metrics)))


def _heading(trace: Trace, service: Service, first: int) -> list[str]:
    quality = Counter(record["quality"] for record in trace.forecasts[first:] if record is not None)
    shares = ", ".join([f"{name} {count:,}" for name, count in quality.most_common()])
    scored = len(trace.load) - first
    what = f"{trace.series}: {scored:,} minutes scored, {service.capacity:g} a replica"
    return [f"{what}, ready after {service.start_up_minutes} min; forecasts by quality: {shares}", ""]


if __name__ == "__main__":
    main()
