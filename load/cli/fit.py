"""`foreshock fit`: the parameters of a fleet, from recordings of it."""

import os
from importlib.util import find_spec
from pathlib import Path

import click
from rich.console import Console

from load.backtest import choices as backtest
from load.cli.options import horizon_option, source_option, step_option
from load.fit.errors import FitError
from streams.cli.errors import ExitCode, ExtraMissingError
from streams.settings.load import load_settings
from streams.settings.params_text import params_text


@click.command()
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING...", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The parameter file.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="FORESHOCK_CONFIG",
    show_envvar=True,
    help="The worker's settings: horizon, and how the source is read.",
)
@source_option
@step_option
@horizon_option
@click.option(
    "--series", type=click.IntRange(min=1), default=100, show_default=True, help="Series taken of each recording."
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Same seed, same series.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that fit; one for each core by default.")
@click.pass_context
def fit(
    context: click.Context,
    recordings: tuple[Path, ...],
    out: Path,
    config: Path | None,
    source: str | None,
    step_ms: int | None,
    horizon: int | None,
    series: int,
    seed: int,
    jobs: int | None,
) -> None:
    """Fit the parameters of a fleet to RECORDINGs (CSV, Parquet, or folders of them), for `forecast.params`.

    The last fifth is held out, and tells whether they are better than the defaults; if not, the exit code is 1.
    """
    _check(out)
    # statsmodels takes a while, and this module is listed with all verbs.
    from load.fit.report import made, told
    from load.fit.run import Choices
    from load.fit.run import fit as fit_recordings

    configured = load_settings(config, os.environ) if config else backtest.default_settings()
    wanted = backtest.Choices(source=source, step_ms=step_ms, horizon=horizon)
    settings, choices = backtest.backtest_settings(configured, wanted), Choices(series, seed, jobs)
    fitted = fit_recordings(recordings, settings, choices, Console(stderr=True))
    _write(out, params_text(fitted.params, made(fitted, choices, settings.forecast.horizon)))
    print("\n".join([*told(fitted), f"{fitted.params.name} in {out}"]))
    if not fitted.is_better:
        context.exit(ExitCode.FAILURE)


def _check(out: Path) -> None:
    """What would else be noticed after minutes."""
    if find_spec("statsmodels") is None:
        raise ExtraMissingError("fit", "fit")
    if not out.parent.is_dir():
        raise FitError(f"{out}: there is no folder {out.parent}")


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FitError(f"{out}: can't be written: {error.strerror}") from error
