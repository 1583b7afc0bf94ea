"""The report's part on objectives: what is left of error budgets, and how fast they are spent."""

from collections.abc import Iterator

from load.backtest.page import table
from load.backtest.predictions_file import Prediction
from load.backtest.report_texts import minute, most_urgent, percent
from load.backtest.run import Predictions
from streams.settings.instants import format_instant

ROWS_SHOWN = 12


def objectives_part(predictions: Predictions) -> Iterator[str]:
    """Nothing where there are no objectives."""
    if not predictions.newest:
        return
    ranked = sorted(predictions.newest, key=lambda one: (not one["alerting"], one["budget_left"], one["entity"]))
    yield "<h2>What is left of the error budgets?</h2>"
    yield most_urgent(min(ROWS_SHOWN, len(ranked)), len(ranked))
    heads = ["entity", "objective", "budget left", "spent at", "alerting now", "alert within 24 h", "alerts seen"]
    yield table(heads, [_row(one) for one in ranked[:ROWS_SHOWN]], texts=2)


def _row(one: Prediction) -> list[str]:
    return [
        one["entity"],
        one["objective"],
        percent(one["budget_left"]),
        _spent(one),
        "yes" if one["alerting"] else "no",
        percent(one["p_alert_within_24h"]),
        str(one["alerts_seen"]),
    ]


def _spent(one: Prediction) -> str:
    if one["budget_left"] <= 0.0:
        return "spent"
    return "not in its window" if one["exhausted_at_ms"] is None else minute(format_instant(one["exhausted_at_ms"]))
