"""The report's part on anomalies: how many of each kind, and the series that had the strangest."""

from collections import Counter
from collections.abc import Iterator

from load.backtest.anomaly_charts import episode_chart
from load.backtest.episodes import Episode, episodes_of
from load.backtest.evidence import Evidence
from load.backtest.labels import about
from load.backtest.page import figures, key, table
from load.backtest.report_texts import minute
from streams.settings.instants import format_instant

DRAWN = 8
ROWS_SHOWN = 12


def anomalies_part(evidence: Evidence) -> Iterator[str]:
    """Nothing where none was found."""
    episodes = episodes_of(evidence.out)
    if not episodes:
        return
    yield "<h2>What was strange?</h2>"
    counts = Counter([one.kind for one in episodes])
    kinds = ", ".join([f"{kind} {count:,}" for kind, count in counts.most_common()])
    series = len({one.series for one in episodes})
    yield f'<p class="quiet">{len(episodes):,} episodes of {series:,} series: {kinds}. The newest:</p>'
    heads = ["series", "kind", "from", "told at", "until", "score"]
    yield table(heads, [_row(one) for one in episodes[: -ROWS_SHOWN - 1 : -1]], texts=2)
    yield (
        '<p class="quiet">The series with the strangest of each kind. '
        f"{key('ink')}What came, {key('forecast')}episodes, told at the mark, "
        f"{key('other-5', 25)}what is known to have happened, {key('other-3', 25)}events.</p>"
    )
    drawn = _drawn(episodes)
    courses = evidence.courses(drawn)
    yield figures(
        [
            (
                name,
                _told([one for one in episodes if one.series == name]),
                episode_chart(
                    courses[name],
                    [one for one in episodes if one.series == name],
                    about(evidence.labels, name, "anomaly", "gap", "incident", "event"),
                ),
            )
            for name in drawn
            if name in courses
        ]
    )


def _drawn(episodes: list[Episode]) -> list[str]:
    """Series of the strangest episodes, the kinds in turn."""
    ranked = sorted(episodes, key=lambda one: (-one.score, one.found_ms, one.series))
    turns: dict[str, int] = {}
    order = []
    for one in ranked:
        order.append((turns.setdefault(one.kind, 0), one.series))
        turns[one.kind] += 1
    return list(dict.fromkeys([series for _, series in sorted(order, key=lambda item: item[0])]))[:DRAWN]


def _told(episodes: list[Episode]) -> str:
    return ", ".join([f"{kind} {count}" for kind, count in Counter([one.kind for one in episodes]).items()])


def _row(one: Episode) -> list[str]:
    times = [minute(format_instant(at_ms)) for at_ms in (one.start_ms, one.found_ms, one.end_ms)]
    return [one.series, one.kind + " (suppressed)" * one.suppressed, *times, f"{one.score:.3f}"]
