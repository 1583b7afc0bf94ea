"""report.html: what a run showed, for a person with a minute."""

from collections.abc import Iterator
from html import escape

from load.backtest.comparison import Comparison
from load.backtest.evidence import Evidence
from load.backtest.page import cards, page, table
from load.backtest.report_anomalies import anomalies_part
from load.backtest.report_capacity import capacity_part
from load.backtest.report_failures import failures_part
from load.backtest.report_hazards import hazards_part
from load.backtest.report_incidents import incidents_part
from load.backtest.report_methods import methods_part
from load.backtest.report_objectives import objectives_part
from load.backtest.report_series import series_part
from load.backtest.report_texts import count, minute, number, percent
from load.backtest.run import Outcome
from load.backtest.summary import Summary
from streams.settings.durations import format_duration

MEBIBYTE = 2**20


def report_html(summary: Summary, outcome: Outcome, comparison: Comparison, evidence: Evidence) -> str:
    """The page."""
    title = f"Backtest of {summary['recording']}"
    forecasts: list[str] = []
    if outcome.accuracy.ours.samples.sum():
        forecasts = [*methods_part(comparison, outcome.accuracy.ours), *series_part(outcome)]
    insights = [
        *incidents_part(evidence),
        *capacity_part(outcome.capacity, evidence),
        *failures_part(outcome.failures, evidence),
        *hazards_part(outcome.hazards),
        *objectives_part(outcome.objectives),
        *anomalies_part(evidence),
    ]
    return page(title, [*_head(title, summary), *insights, *forecasts, *_rejects(summary), *_run(summary)])


def _head(title: str, summary: Summary) -> Iterator[str]:
    step, errors = format_duration(summary["step_ms"]), summary["errors"]
    yield f"<h1>{escape(title)}</h1>"
    made = f"{count(len(summary['origins']), 'forecast')} of each series"
    yield (
        f'<p class="quiet">{summary["samples"]:,} samples of {summary["series"]:,} series, '
        f"{minute(summary['first'])} to {minute(summary['last'])} UTC. {made}, {summary['horizon_steps']} steps of "
        f"{step} ahead, the first at {minute(summary['origins'][0])}.</p>"
    )
    yield cards(
        [
            (number(errors["crps_relative"]), "error, where seasonal naive has 1 (CRPS)"),
            (number(errors["mase_relative"]), "error of the median, likewise (MASE)"),
            (percent(errors["coverage_80"]), "of what came lay in the 80 % band"),
            (f"{sum(summary['rejects'].values()):,}", "samples rejected"),
        ]
    )
    if errors["crps_relative"] is None:
        yield "<p>No error could be told: no sample came after an origin, or all were 0.</p>"


def _rejects(summary: Summary) -> Iterator[str]:
    if summary["rejects"]:
        yield "<h2>What was rejected?</h2>"
        yield table(["reason", "samples"], [[reason, f"{rows:,}"] for reason, rows in summary["rejects"].items()])


def _run(summary: Summary) -> Iterator[str]:
    yield "<h2>The run</h2>"
    versions = ", ".join([f"{name} {version}" for name, version in summary["versions"].items()])
    rows = [
        ["time", f"{summary['seconds']:.1f} s, {summary['samples_per_s']:,} samples/s"],
        ["state", f"{summary['bytes_per_series']:,} bytes per series"],
        ["memory at its peak", f"{summary['peak_rss_bytes'] / MEBIBYTE:,.0f} MiB"],
        ["model", summary["model"]],
        ["settings", summary["settings_hash"]],
        ["versions", versions],
    ]
    yield table(["", ""], rows, texts=2)
