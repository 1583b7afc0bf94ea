"""The report's part on capacity: what runs out, first things first."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from load.backtest.capacity_charts import exhaustion_chart
from load.backtest.columns import by_series, columns_of
from load.backtest.evidence import Evidence
from load.backtest.labels import about
from load.backtest.page import figures, key, table
from load.backtest.predictions_file import Prediction
from load.backtest.report_texts import minute, most_urgent, percent
from load.backtest.run import Predictions
from streams.settings.instants import format_instant

ROWS_SHOWN = 12
DRAWN = 6


def capacity_part(predictions: Predictions, evidence: Evidence) -> Iterator[str]:
    """Nothing where there are no rules."""
    if not predictions.newest:
        return
    ranked = sorted(predictions.newest, key=_urgency)
    yield "<h2>What runs out first?</h2>"
    yield most_urgent(min(ROWS_SHOWN, len(ranked)), len(ranked))
    heads = ["series", "rule", "level", "limit", "within 24 h", "within 7 d", "even chance at"]
    yield table(heads, [_row(one) for one in ranked[:ROWS_SHOWN]], texts=2)
    drawn = [one for one in ranked if _is_ahead(one)][:DRAWN]
    if drawn:
        yield (
            f'<p class="quiet">{key("ink")}the level, {key("naive")}the limit, {key("forecast", 38)}when they meet: '
            f"from the instant with a chance of 10 % to that with 90 %, {key('forecast')}with an even chance; "
            f"{key('other-5')}when the limit was really reached, where that is known.</p>"
        )
        yield figures(_charts(drawn, evidence))


def _charts(drawn: Sequence[Prediction], evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    names = ["series", "rule", "last_sample_at_ms", "level", "limit"]
    rows = by_series(columns_of(evidence.out / "capacity.parquet", names), "rule")
    for one in drawn:
        labels = about(evidence.labels, one["series"], "exhaustion", "event")
        svg = exhaustion_chart(rows[one["series"], one["rule"]], one, labels)
        yield one["series"], f"rule {one['rule']}: {_range(one)}", svg


def _urgency(one: Prediction) -> tuple[Any, ...]:
    return (-one["p_within_24h"], -one["p_within_7d"], one["exhausted_at_p50_ms"] or np.inf, one["series"], one["rule"])


def _row(one: Prediction) -> list[str]:
    chances = [percent(one["p_within_24h"]), percent(one["p_within_7d"])]
    return [one["series"], one["rule"], f"{one['level']:.4g}", f"{one['limit']:.4g}", *chances, _when(one, 50)]


def _is_ahead(one: Prediction) -> bool:
    """Whether there is an instant to draw: what is reached has none, and what is not within the horizon neither."""
    return one["gap"] > 0 and one["exhausted_at_p10_ms"] is not None


def _range(one: Prediction) -> str:
    return f"{_when(one, 10)} to {_when(one, 90)}, even chance {_when(one, 50)}"


def _when(one: Prediction, level: int) -> str:
    at_ms = one[f"exhausted_at_p{level}_ms"]
    if at_ms is None:
        return f"not within {one['eta_horizon_h'] / 24:.0f} days"
    return "reached" if at_ms <= one["last_sample_at_ms"] else minute(format_instant(at_ms))
