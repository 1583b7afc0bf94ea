"""`python -m load.insights.truth`: every insight against the ground truth of a generated fleet, and its bars."""

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console

from load.insights.truth.bars import BARS, missed
from load.insights.truth.figures import figures_of
from load.insights.truth.run import SPEC, run_fleet


@click.command()
@click.option("--seed", type=click.IntRange(min=0), default=SPEC.seed, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Keep the backtest's files here.")
def truth(seed: int, out: Path | None) -> None:
    """Generate a fleet, run the backtest, score its insights; exit code 1 if one misses its bar."""
    with TemporaryDirectory() as scratch:
        folder = out or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        fleet = run_fleet(replace(SPEC, seed=seed), folder, Console(stderr=True))
        figures = figures_of(fleet, folder)
    print("| figure | value | bar |\n|---|---|---|")
    for name, value in figures.items():
        print(f"| {name} | {value:.3g} | {BARS.get(name, '')} |")
    for line in missed(figures):
        print(line, file=sys.stderr)
    sys.exit(bool(missed(figures)))


if __name__ == "__main__":
    truth()
