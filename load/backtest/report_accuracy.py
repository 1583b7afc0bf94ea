"""The report's part on forecasts: their errors, what they look like, and which are worst."""

from collections.abc import Iterator

import numpy as np

from load.backtest.accuracy import SeriesErrors
from load.backtest.comparison import Comparison
from load.backtest.fan_charts import fan_chart
from load.backtest.method_charts import calibration_chart, coverage_chart, error_chart, own_calibration_chart
from load.backtest.page import figures, table
from load.backtest.report_texts import minute, number, percent
from load.backtest.run import Outcome
from load.backtest.tally import quantile_loss
from load.backtest.window import Window
from streams.settings.instants import format_instant

FANS_OF_A_KIND = 4
ROWS_SHOWN = 12


def accuracy_part(outcome: Outcome, comparison: Comparison) -> Iterator[str]:
    """Nothing where nothing could be scored."""
    window, accuracy = outcome.last_window, outcome.accuracy
    if window is None or not accuracy.ours.samples.sum():
        return
    yield "<h2>How good are the forecasts?</h2>"
    yield figures(
        [
            ("", error_chart(comparison)),
            ("", coverage_chart(comparison)),
            ("", calibration_chart(comparison)),
            ("", own_calibration_chart(accuracy.ours)),
        ]
    )
    yield "<h2>What do they look like?</h2>"
    made_at = minute(format_instant(window.forecasts.origin_ms))
    yield (
        f'<p class="quiet">The last forecasts, made at {made_at} (dotted). Blue: the '
        "median, with the bands that should hold 40 % and 80 % of what comes. Black: what came.</p>"
    )
    yield from _fans(window)
    yield "<h2>Which series are forecast worst?</h2>"
    yield '<p class="quiet">By error relative to seasonal naive, over all forecasts.</p>'
    yield table(["series", "error / naive", "in 80 % band", "samples"], _worst(outcome))


def _fans(window: Window) -> Iterator[str]:
    """All series where they are few; else the typical ones and the worst."""
    ranked = _by_error(window)
    if len(ranked) <= 2 * FANS_OF_A_KIND:
        yield _charts(window, ranked)
        return
    rest, worst = ranked[:-FANS_OF_A_KIND], ranked[-FANS_OF_A_KIND:][::-1]
    middle = (len(rest) - FANS_OF_A_KIND) // 2
    yield "<h3>Typical</h3>"
    yield _charts(window, rest[middle : middle + FANS_OF_A_KIND])
    yield "<h3>Worst</h3>"
    yield _charts(window, worst)


def _by_error(window: Window) -> list[int]:
    """Places of the series of a window, the best first, by error in units of their usual change."""
    with np.errstate(invalid="ignore", divide="ignore"):
        loss = quantile_loss(window.forecasts.quantiles, window.actual) / window.naive.scale[:, None]
    told = np.isfinite(loss)
    scored = np.flatnonzero(told.any(axis=1))
    mean = np.where(told, loss, 0.0)[scored].sum(axis=1) / told[scored].sum(axis=1)
    return [int(place) for place in scored[np.argsort(mean, kind="stable")]]


def _charts(window: Window, places: list[int]) -> str:
    return figures([(window.forecasts.names[place], fan_chart(window, place)) for place in places])


def _worst(outcome: Outcome) -> list[list[str]]:
    scored = [(name, errors) for name, errors in outcome.accuracy.by_series.items() if errors.naive_loss > 0]
    scored.sort(key=lambda item: (-item[1].loss / item[1].naive_loss, item[0]))
    return [_series_row(name, errors) for name, errors in scored[:ROWS_SHOWN]]


def _series_row(name: str, errors: SeriesErrors) -> list[str]:
    return [
        name,
        number(errors.loss / errors.naive_loss),
        percent(errors.inside / errors.samples),
        f"{errors.samples:,}",
    ]
