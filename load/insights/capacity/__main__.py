"""python -m load.insights.capacity DATA: capacity predictions on recordings, beside those of others.

DATA is a folder. CSV files in it or in a folder below it that is called software_aging are runs of a server that ages;
Parquet files in it or in one called bitbrains are machines whose CPU comes in bursts.
"""

from collections.abc import Callable, Iterator, Sequence
from math import isnan
from pathlib import Path

import click

from load.insights.capacity.cases import HOURS, Case, bursty_cases, growing_cases
from load.insights.capacity.ours import predict_all
from load.insights.capacity.rivals import Rival, damped_holt, predict_linear
from load.insights.capacity.scores import Scores, score
from load.insights.capacity.tracks import aging_tracks, bursty_tracks
from models.forecast.horizons import HORIZON_MAX

RIVALS: dict[str, Rival] = {
    "predict_linear 1 h": predict_linear(1),
    "predict_linear 6 h": predict_linear(6),
    "Holt damped, normal": damped_holt,
}


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--horizon", type=click.IntRange(1, HORIZON_MAX), default=48, show_default=True, help="Of forecasts, in steps."
)
def main(data: Path, horizon: int) -> None:
    """Print how capacity predictions fare on the recordings in DATA."""
    parts: list[tuple[str, Callable[[], list[Case]]]] = []
    aging = _folder_with(data, "software_aging", "*.csv")
    if aging is not None:
        parts.append(("growing resources", lambda: list(growing_cases(aging_tracks(aging)))))
    bursty = _folder_with(data, "bitbrains", "*.parquet")
    if bursty is not None:
        path = min(bursty.glob("*.parquet"))
        parts.append(("bursty CPU", lambda: list(bursty_cases(bursty_tracks(path)))))
    if not parts:
        raise click.ClickException(
            f"{data} has neither CSV nor Parquet files, nor software_aging or bitbrains with some"
        )
    for title, cases in parts:
        for line in _table(title, cases(), horizon):
            click.echo(line)


def _folder_with(data: Path, name: str, pattern: str) -> Path | None:
    return next((folder for folder in (data / name, data) if any(folder.glob(pattern))), None)


def _table(title: str, cases: Sequence[Case], horizon_steps: int) -> Iterator[str]:
    reached = sum([not case.never for case in cases])
    instants = sum([len(case.instants) for case in cases])
    yield f"{title}: {len(cases)} cases, {reached} reach the limit; {instants:,} instants"
    spans = " / ".join([str(hours) for hours in HOURS])
    yield f"{'':22} {f'Brier {spans} h':>24} {f'ETA error {spans} h':>22} {f'false alarms {spans} h':>26}"
    ours = score(cases, predict_all(cases, horizon_steps))
    yield _row("foreshock", ours)
    for name, rival in RIVALS.items():
        yield _row(name, score(cases, [rival(case) for case in cases]))
    yield f"{'base rate':22} {_figures(ours.base, 4):>24}"


def _row(name: str, scores: Scores) -> str:
    eta, alarms = _figures(scores.eta_error, 2), _figures(scores.false_alarms, 3)
    return f"{name:22} {_figures(scores.brier, 4):>24} {eta:>22} {alarms:>26}"


def _figures(values: Sequence[float], digits: int) -> str:
    return " / ".join(["-" if isnan(value) else f"{value:.{digits}f}" for value in values])


if __name__ == "__main__":
    main()
