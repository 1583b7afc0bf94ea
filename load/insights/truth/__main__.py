"""`python -m load.insights.truth`: every insight against the ground truth of a generated fleet, and its bars."""

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console

from load.insights.truth.bars import BARS, missed
from load.insights.truth.figures import all_figures
from load.insights.truth.run import DAYS, WEEKS


@click.command()
@click.option("--seed", type=click.IntRange(min=0), default=WEEKS.spec.seed, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Keep the backtests' files here.")
def truth(seed: int, out: Path | None) -> None:
    """Generate two fleets, run the backtest, score its insights; exit code 1 if one misses its bar."""
    weeks, days = [replace(scenario, spec=replace(scenario.spec, seed=seed)) for scenario in (WEEKS, DAYS)]
    with TemporaryDirectory() as scratch:
        figures = all_figures(out or Path(scratch), Console(stderr=True), weeks, days)
    print("| figure | value | bar |\n|---|---|---|")
    for name, value in figures.items():
        print(f"| {name} | {value:.3g} | {BARS.get(name, '')} |")
    for line in missed(figures):
        print(line, file=sys.stderr)
    sys.exit(bool(missed(figures)))


if __name__ == "__main__":
    truth()
