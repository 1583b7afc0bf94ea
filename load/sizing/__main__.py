"""`python -m load.sizing --series 100000 --step 1m`: what a fleet takes, as a table."""

import click

from load.sizing.plan import Fleet, Sizes, sizes_of
from streams.settings.durations import DAY_MS, parse_duration

MB, GB = 1e6, 1e9


def _duration_ms(_context: click.Context, _parameter: click.Parameter, text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option("--series", type=click.IntRange(min=1), required=True, help="Series of the fleet.")
@click.option("--step", "step_ms", default="1m", show_default=True, callback=_duration_ms, help="Between two samples.")
@click.option("--lone-samples", is_flag=True, help="Messages carry one sample each.")
@click.option("--capacity-rules", default=0.2, show_default=True, help="Capacity rules a series, on the mean.")
@click.option("--failure-rules", default=0.1, show_default=True, help="Failure rules a series, on the mean.")
@click.option("--samples-retention", "samples_ms", default="7d", show_default=True, callback=_duration_ms)
@click.option("--predictions-retention", "predictions_ms", default="7d", show_default=True, callback=_duration_ms)
@click.option("--replicas", type=click.IntRange(min=1), default=3, show_default=True, help="Copies of each topic.")
def sizing(
    series: int,
    step_ms: int,
    lone_samples: bool,
    capacity_rules: float,
    failure_rules: float,
    samples_ms: int,
    predictions_ms: int,
    replicas: int,
) -> None:
    """Print how many workers, how much memory and disk a fleet takes, and how long a restart."""
    fleet = Fleet(
        series=series,
        step_s=step_ms / 1000,
        lone_samples=lone_samples,
        capacity_share=capacity_rules,
        failure_share=failure_rules,
        samples_days=samples_ms / DAY_MS,
        predictions_days=predictions_ms / DAY_MS,
        replicas=replicas,
    )
    for name, value in rows(sizes_of(fleet)):
        click.echo(f"{name:<44}{value:>14}")


def rows(sizes: Sizes) -> list[tuple[str, str]]:
    """The table's lines."""
    return [
        ("samples a second", f"{sizes.samples_per_s:,.0f}"),
        ("workers", f"{sizes.workers:,}"),
        ("topics.partitions", f"{sizes.partitions:,}"),
        ("series of a worker", f"{sizes.series_per_worker:,}"),
        ("memory of a worker, at most", f"{sizes.memory_bytes_per_worker / GB:,.1f} GB"),
        ("state", f"{sizes.state_bytes / GB:,.2f} GB"),
        ("checkpoints, all workers", f"{sizes.checkpoint_bytes_per_s / MB:,.1f} MB/s"),
        ("disk: state topics", f"{sizes.state_disk_bytes / GB:,.1f} GB"),
        ("disk: samples topic", f"{sizes.samples_disk_bytes / GB:,.1f} GB"),
        ("disk: predictions, before compaction", f"{sizes.predictions_disk_bytes / GB:,.1f} GB"),
        ("a killed worker is back after, at most", f"{sizes.recovery_s:,.0f} s"),
        ("  of that, loading the state", f"{sizes.load_s:,.0f} s"),
        ("  of that, replaying samples", f"{sizes.replay_s:,.0f} s"),
    ]


if __name__ == "__main__":
    sizing()
