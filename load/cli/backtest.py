"""`foreshock backtest`: a recording through the worker's own pipeline, and what its predictions were worth."""

import os
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console

from load.backtest.baselines.registry import SEASONAL_NAIVE, asked_for, names
from load.backtest.choices import Choices, backtest_settings, check_records_comparable, default_settings
from load.backtest.comparison import comparison_of
from load.backtest.contest import hold_contest
from load.backtest.errors import BacktestError
from load.backtest.events_file import events_of
from load.backtest.evidence import Evidence
from load.backtest.labels import labels_of
from load.backtest.plan import plan_of, usual_step_ms
from load.backtest.run import TABLE_ROWS, run_backtest
from load.backtest.standings import standings
from load.backtest.summary import Summary, summary_json, summary_of
from load.cli.options import horizon_option, source_option, step_option
from load.recordings.recording import open_recording
from load.replay.progress import shown_on
from streams.settings.load import load_settings
from streams.settings.model import Settings

SERIES_COMPARED = 100
"""Some baselines take seconds for each series and origin."""


@click.command()
@click.argument("recording", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the results.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="FORESHOCK_CONFIG",
    show_envvar=True,
    help="The worker's settings: rules, limits, horizon, and how the source is read.",
)
@source_option
@step_option
@horizon_option
@click.option(
    "--origins", type=click.IntRange(min=1), help="Forecasts of each series; by default they fill the last fifth."
)
@click.option("--metrics", multiple=True, metavar="GLOB", help="Only metrics that match; may be given several times.")
@click.option("--entity", multiple=True, metavar="LABEL", help="Labels that name the entity; all by default.")
@click.option(
    "--events",
    type=click.Path(path_type=Path),
    help="Events, one JSON object a line, whose times are not learned; known from the beginning.",
)
@click.option(
    "--truth",
    type=click.Path(path_type=Path),
    help="What really happens in a generated fleet (its .truth.json), to be drawn into the report.",
)
@click.option(
    "--baselines",
    default=SEASONAL_NAIVE,
    show_default=True,
    metavar="NAME,...",
    help=f"What to compare the forecasts with: {', '.join(names())}.",
)
@click.option(
    "--series-sample",
    type=click.IntRange(min=1),
    default=SERIES_COMPARED,
    show_default=True,
    help="Series to compare on, where baselines are fitted one by one; all others are forecast by foreshock alone.",
)
@click.option("--records", is_flag=True, help="Write every output record too, as a live run publishes them.")
def backtest(
    recording: Path,
    out: Path,
    config: Path | None,
    origins: int | None,
    metrics: tuple[str, ...],
    events: Path | None,
    truth: Path | None,
    baselines: str,
    series_sample: int,
    records: bool,
    **choices: Any,
) -> None:
    """Run RECORDING (CSV, Parquet, or a folder of them) through the worker's pipeline, in event time.

    Forecasts are made at origins that do not overlap, each from the samples up to it, and compared with what came.
    """
    configured = load_settings(config, os.environ) if config else default_settings()
    if records:
        check_records_comparable(configured)
    wanted = Wanted(origins, metrics, events, truth, asked_for(baselines), series_sample, records)
    summary = _run(recording, out, backtest_settings(configured, Choices(**choices)), wanted)
    print(_told(summary, out))


class Wanted(NamedTuple):
    """What is asked of a run, beside its settings."""

    origins: int | None
    metrics: tuple[str, ...]
    events: Path | None
    truth: Path | None
    baselines: tuple[str, ...]
    series_sample: int
    records: bool


def _run(path: Path, out: Path, settings: Settings, wanted: Wanted) -> Summary:
    from load.backtest.report import report_html  # matplotlib takes a while, and this module is listed with all verbs

    recording = open_recording(path, wanted.metrics)
    span_ms = recording.span_ms()
    # A long recording has a span whatever its metrics are.
    if span_ms is None or next(recording.tables(TABLE_ROWS), None) is None:
        raise BacktestError(f"{path}: has no sample of what was asked for\nlook at --metrics")
    step_ms = settings.sources[0].step_ms or usual_step_ms(recording)
    plan = plan_of(span_ms, step_ms, settings.forecast.horizon, wanted.origins)
    events = events_of(wanted.events, settings) if wanted.events else []
    labels = labels_of(wanted.truth, events)
    _make(out)
    console, compared = Console(stderr=True), wanted.series_sample if wanted.baselines else 0
    with shown_on(console, span_ms) as progress:
        outcome = run_backtest(
            recording,
            settings,
            plan,
            out,
            records=wanted.records,
            compared=compared,
            events=events,
            progress=progress,
        )
    played = hold_contest(wanted.baselines, outcome.courses, plan.horizon, console)
    comparison = comparison_of(outcome, wanted.baselines, played, plan.horizon)
    summary = summary_of(path.name, span_ms, plan, settings, outcome, comparison)
    (out / "summary.json").write_bytes(summary_json(summary))
    evidence = Evidence(out, recording, labels)
    (out / "report.html").write_text(report_html(summary, outcome, comparison, evidence), "utf-8")
    return summary


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BacktestError(f"{out}: can't be made: {error.strerror}") from error


def _told(summary: Summary, out: Path) -> str:
    """The run in a few lines."""
    errors = summary["errors"]
    pace = f"{summary['seconds']:.1f} s ({summary['samples_per_s']:,} samples/s)"
    rejects = f"{sum(summary['rejects'].values()):,} rejects"
    lines = [f"{summary['samples']:,} samples of {summary['series']:,} series in {pace}, {rejects}"]
    if errors["crps"] is not None:
        beside = f" ({errors['crps_relative']:.2f} of seasonal naive's)" if errors["crps_relative"] else ""
        lines.append(f"CRPS {errors['crps']:.4f}{beside}, {errors['coverage_80']:.1%} inside the 80 % band")
    return "\n".join([*lines, *standings(summary["comparison"]), f"report: {out / 'report.html'}"])
