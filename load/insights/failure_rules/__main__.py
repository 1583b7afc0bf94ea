"""`python -m load.insights.failure_rules DATA`: the two experts of failure rules on recordings, alone and together.

DATA is a folder; Parquet files in its folder bitbrains are the CPU of machines, CSV files in software_aging are runs of
a server that ages, a CSV file in worldcup98 has the requests of a web site.
"""

from collections.abc import Callable, Iterator
from math import isnan
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

from load.insights.failure_rules.courses import (
    MINUTE_MS,
    VMS_STEP_MS,
    Course,
    ageing_server,
    virtual_machines,
    web_site,
)
from load.insights.failure_rules.play import Rule, play
from load.insights.failure_rules.scores import Scores, score
from models.failure import tracks
from streams.settings.durations import format_duration

HOUR_MS = 60 * MINUTE_MS


class Part(NamedTuple):
    """A recording and its rules: by thresholds, or by the shares of samples that are at or below them."""

    folder: str
    courses: Callable[[Path], Iterator[Course]]
    step_ms: int
    rules: tuple[tuple[float, int, int], ...]  # threshold or share, for, within
    by_share: bool


PARTS = (
    Part(
        "bitbrains",
        virtual_machines,
        VMS_STEP_MS,
        (
            (90.0, 30 * MINUTE_MS, 4 * HOUR_MS),
            (50.0, 10 * MINUTE_MS, 4 * HOUR_MS),
            (20.0, 10 * MINUTE_MS, 4 * HOUR_MS),
        ),
        by_share=False,
    ),
    Part(
        "software_aging",
        ageing_server,
        MINUTE_MS,
        tuple([(share, 5 * MINUTE_MS, 45 * MINUTE_MS) for share in (0.9, 0.97)]),
        by_share=True,
    ),
    Part(
        "worldcup98",
        web_site,
        MINUTE_MS,
        tuple([(share, 5 * MINUTE_MS, 45 * MINUTE_MS) for share in (0.9, 0.97)]),
        by_share=True,
    ),
)


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(data: Path) -> None:
    """Print how the predictions of failure rules fare on the recordings in DATA."""
    parts = [part for part in PARTS if (data / part.folder).is_dir()]
    if not parts:
        raise click.ClickException(f"{data} has none of {', '.join([part.folder for part in PARTS])}")
    click.echo(f"{'':44} {'looks':>9} {'both':>8} {'frequency':>10} {'path':>8} {'base':>8}")
    for part in parts:
        for line in _lines(part, list(part.courses(data / part.folder))):
            click.echo(line)


def _lines(part: Part, courses: list[Course]) -> Iterator[str]:
    for asked, for_ms, within_ms in part.rules:
        threshold = [float(np.quantile(each.value, asked)) if part.by_share else asked for each in courses]
        rule = Rule(np.array(threshold), for_ms, within_ms)
        told = play(courses, part.step_ms, rule)
        for place, horizon_ms in enumerate(tracks.horizons_ms(within_ms)[0]):
            what = f"{asked:.0%} of it" if part.by_share else f"{asked:g}"
            title = f"{part.folder}, above {what} for {format_duration(for_ms)}, {format_duration(horizon_ms)}"
            yield f"{title:44} " + _figures(score(told, courses, rule, part.step_ms, horizon_ms, place))


def _figures(scores: Scores) -> str:
    told = ["-" if isnan(value) else f"{value:.4f}" for value in scores[1:]]
    return f"{scores.looks:9,} {told[0]:>8} {told[1]:>10} {told[2]:>8} {told[3]:>8}"


if __name__ == "__main__":
    main()
