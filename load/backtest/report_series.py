"""The report's part on single series: which are forecast worst, which are typical, and what that looks like."""

from collections.abc import Iterable, Iterator, Sequence

from load.backtest.accuracy import SeriesErrors
from load.backtest.fan_charts import fan_chart
from load.backtest.page import figures, key, table
from load.backtest.report_texts import minute, number, percent
from load.backtest.run import Outcome
from load.backtest.window import Window
from streams.settings.instants import format_instant

WORST_DRAWN = 6
TYPICAL_DRAWN = 4
ROWS_SHOWN = 24

Ranked = list[tuple[str, SeriesErrors]]


def series_part(outcome: Outcome) -> Iterator[str]:
    """Nothing where no series could be scored."""
    window, ranking = outcome.last_window, worst_first(outcome.accuracy.by_series.items())
    if window is None or not ranking:
        return
    yield "<h2>Which series are forecast worst?</h2>"
    yield (
        '<p class="quiet">By error in units of seasonal naive\'s, over all forecasts. The charts show the last ones, '
        f"made at {minute(format_instant(window.forecasts.origin_ms))} UTC (dotted line): {key('ink')}what came, "
        f"{key('forecast')}the median, {key('forecast', 38)}{key('forecast', 16)}the bands that should hold 40 % and "
        f"80 % of what comes, {key('naive')}seasonal naive.</p>"
    )
    drawn = ranking if len(ranking) <= WORST_DRAWN + TYPICAL_DRAWN else ranking[:WORST_DRAWN]
    yield _charts(window, drawn, 1)
    rest = ranking[len(drawn) :]
    if rest:
        middle = max((len(ranking) - TYPICAL_DRAWN) // 2, WORST_DRAWN)
        yield "<h3>Typical ones</h3>"
        yield _charts(window, ranking[middle : middle + TYPICAL_DRAWN], middle + 1)
        yield f"<h3>Further down the list of {len(ranking):,}</h3>"
        rows = [_row(place, *one) for place, one in enumerate(rest[:ROWS_SHOWN], len(drawn) + 1)]
        yield table(["series", "rank", "error / naive", "in 80 % band", "samples"], rows)


def worst_first(by_series: Iterable[tuple[str, SeriesErrors]]) -> Ranked:
    """The series that can be compared with seasonal naive: those on which it has an error."""
    scored = [(name, errors) for name, errors in by_series if errors.naive_loss > 0]
    return sorted(scored, key=lambda item: (-item[1].loss / item[1].naive_loss, item[0]))


def _charts(window: Window, ranking: Sequence[tuple[str, SeriesErrors]], first_rank: int) -> str:
    """Those that are in the window, with their ranks."""
    places = {name: place for place, name in enumerate(window.forecasts.names)}
    return figures(
        [
            (f"{rank}. {name}", _told(errors), fan_chart(window, places[name]))
            for rank, (name, errors) in enumerate(ranking, first_rank)
            if name in places
        ]
    )


def _told(errors: SeriesErrors) -> str:
    inside = percent(errors.inside / errors.samples)
    return f"{number(errors.loss / errors.naive_loss)} times seasonal naive's error, {inside} in the 80 % band"


def _row(rank: int, name: str, errors: SeriesErrors) -> list[str]:
    inside = percent(errors.inside / errors.samples)
    return [name, f"{rank:,}", number(errors.loss / errors.naive_loss), inside, f"{errors.samples:,}"]
