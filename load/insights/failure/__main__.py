"""``python -m load.insights.failure DATA``: daily SMART values through the hazard code, scored by what failed."""

from pathlib import Path
from zlib import crc32

import click
import numpy as np

from load.insights.failure.drives import Day, Fleet, days_of
from load.insights.failure.plot import Counts, reliability_chart
from load.insights.failure.run import Said, run, tallies
from load.insights.failure.score import LEADS_DAYS, Line, at_share, failures_of, of_flags, rule_scores
from models.arrays import Floats

SHARES = (0.026, 0.035, 0.08)
BUDGET = 0.026

HALVED_BY_BIT = 16
"""Of the CRC-32 of a drive's name. The lowest bit may be what a file was cut from a larger one by."""


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Where to draw reliability, as SVG.")
def main(data: Path, plot: Path | None) -> None:
    """Score the hazard on DATA, a Parquet file of daily SMART values in Backblaze's form.

    The drives are cut into two halves by their names. The table's first part has thresholds that flag so many of the
    healthy drives; its last line, as the reliability, those that the other half of the drives gave.
    """
    days = days_of(data)
    failures = failures_of(days)
    halves = [frozenset(half) for half in _halves(days)]
    apart = [run(Fleet(days, half), BUDGET) for half in halves]
    crossed = [run(Fleet(days, half), BUDGET, other) for half, other in zip(halves, reversed(apart), strict=True)]
    scores = apart[0].scores | apart[1].scores
    click.echo(f"{len(scores):,} drives, {len(failures)} failures, {len(days)} days\n")
    lines = [at_share(name, of_rule, failures, 0.5) for name, of_rule in rule_scores(days).items()]
    lines += [at_share("hazard", scores, failures, share) for share in SHARES]
    flagged_ms = crossed[0].flagged_ms | crossed[1].flagged_ms
    lines.append(
        of_flags("hazard, threshold of other drives", flagged_ms, len(scores.keys() - failures.keys()), failures)
    )
    for row in _rows(lines):
        click.echo(row)
    click.echo()
    for row in _reliability(crossed):
        click.echo(row)
    if plot:
        plot.write_text(reliability_chart(*_tallied(crossed)))


def _halves(days: list[Day]) -> tuple[list[str], list[str]]:
    drives = sorted({drive for day in days for drive in day.drives})
    odd = [drive for drive in drives if crc32(drive.encode()) >> HALVED_BY_BIT & 1]
    return odd, sorted(set(drives) - set(odd))


def _rows(lines: list[Line]) -> list[str]:
    leads = "".join([f"{f'>= {days} d':>8}" for days in LEADS_DAYS])
    head = f"{'':34}{'flagged':>8}{leads}{'precision':>11}"
    rows = [
        f"{line.name:34}{100 * line.flagged:7.1f}%" + "".join([f"{recall:8.2f}" for recall in line.recall])
        + f"{line.precision:11.3f}"
        for line in lines
    ]  # fmt: skip
    return [head, *rows]


def _tallied(crossed: list[Said]) -> tuple[Counts, Counts, Floats]:
    of_halves = [tallies(said) for said in crossed]
    looks, hits, chances = (np.sum([half[place] for half in of_halves], axis=0) for place in range(3))
    return looks, hits, chances


def _reliability(crossed: list[Said]) -> list[str]:
    looks, hits, chances = _tallied(crossed)
    rows = [f"{'said':>8}{'came':>8}{'looks':>10}{'hits':>7}"]
    for look, hit, chance in zip(looks.tolist(), hits.tolist(), chances.tolist(), strict=True):
        if look:
            rows.append(f"{chance / look:8.4f}{hit / look:8.4f}{look:10,}{hit:7}")
    square = [(record["brier"], record["base_brier"], record["looks_settled"])
              for said in crossed for record in said.newest.values() if record["looks_settled"]]  # fmt: skip
    total = sum([settled for _, _, settled in square])
    brier, base = (sum([each[place] * each[2] for each in square]) / total for place in (0, 1))
    return [*rows, f"Brier {brier:.6f}, of the base rate {base:.6f}"]


if __name__ == "__main__":
    main()
