"""The report's part on methods: errors and cost of each, and how errors, coverage and calibration look side by side."""

from collections.abc import Iterator, Sequence

from load.backtest.comparison import OURS, Comparison, Method
from load.backtest.method_charts import calibration_chart, coverage_chart, error_chart, own_calibration_chart
from load.backtest.page import figures, league
from load.backtest.report_texts import cost, count, number, percent
from load.backtest.tally import Tally, ratio

HEADS = ("", "CRPS", "of seasonal naive's", "MASE, likewise", "in 80 % band", "CPU us per sample")

BAR_MAX = 1.5
"""Errors beyond so many times seasonal naive's have a bar of full length."""


def methods_part(comparison: Comparison, ours: Tally) -> Iterator[str]:
    """`ours` counts all series; the comparison maybe a sample of them."""
    yield "<h2>How good are the forecasts?</h2>"
    yield f'<p class="quiet">{_on_what(comparison)}</p>'
    yield _table(comparison)
    yield from _lacking(comparison.methods)
    yield figures([("", "", error_chart(comparison)), ("", "", coverage_chart(comparison))])
    yield "<h2>Do the probabilities hold?</h2>"
    yield (
        '<p class="quiet">Of what came, a tenth should lie below the first decile, two tenths below the second, and '
        "so on: the dashed line. A curve flatter than it comes of bands that are too narrow; a steeper one of bands "
        "that are too wide; one that lies above it of forecasts that are too high.</p>"
    )
    yield figures([("", "", calibration_chart(comparison)), ("", "", own_calibration_chart(ours))])


def _on_what(comparison: Comparison) -> str:
    samples = int(comparison.seasonal_naive.tally.samples.sum())
    return (
        f"{count(len(comparison.methods), 'method')} on the same {comparison.series:,} series, origins and "
        f"{samples:,} samples. CRPS is the error of all deciles, as a share of what came; MASE that of the median, in "
        "units of a series' own change over a season. Cost is CPU time."
    )


def _table(comparison: Comparison) -> str:
    naive = comparison.seasonal_naive.tally.score()
    rows = []
    for method in ranked(comparison.methods):
        score = method.tally.score()
        relative = ratio(score.crps, naive.crps)
        numbers = [
            "-" if score.crps is None else f"{score.crps:.4f}",
            number(relative),
            number(ratio(score.mase, naive.mase)),
            percent(score.coverage_80),
            cost(method.us_per_sample),
        ]
        rows.append((method.title, min(relative or 0.0, BAR_MAX) / BAR_MAX, method.name == OURS, numbers))
    return league([HEADS[0], "", *HEADS[1:]], rows)


def ranked(methods: Sequence[Method]) -> list[Method]:
    """The smallest CRPS first."""
    scored = [(method.tally.score().crps, method) for method in methods]
    order = sorted(scored, key=lambda one: (one[0] is None, one[0] or 0.0))
    return [method for _, method in order]


def _lacking(methods: Sequence[Method]) -> Iterator[str]:
    """Says whose forecasts could not all be made."""
    lacking = [method for method in methods if method.unanswered]
    if lacking:
        which = ", ".join([f"{one.title} {one.unanswered:,} of {one.forecasts:,}" for one in lacking])
        yield f'<p class="quiet">Forecasts that could not be made, seasonal naive\'s in their place: {which}.</p>'
