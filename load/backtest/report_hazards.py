"""The report's part on hazards: which entities are likely to fail, and why."""

from collections.abc import Iterator

from load.backtest.page import table
from load.backtest.predictions_file import Prediction
from load.backtest.report_texts import most_urgent, percent
from load.backtest.run import Predictions
from streams.settings.durations import format_duration

ROWS_SHOWN = 12


def hazards_part(predictions: Predictions) -> Iterator[str]:
    """Nothing where there are no hazards."""
    if not predictions.newest:
        return
    ranked = sorted(predictions.newest, key=lambda one: (-one["probability"], -one["score"], one["entity"]))
    yield "<h2>Who is likely to fail?</h2>"
    yield most_urgent(min(ROWS_SHOWN, len(ranked)), len(ranked))
    heads = ["entity", "hazard", "why", "probability", "within", "failures seen"]
    yield table(heads, [_row(one) for one in ranked[:ROWS_SHOWN]], texts=3)


def _row(one: Prediction) -> list[str]:
    why = "; ".join([driver["text"] for driver in one["drivers"]]) or "-"
    chance = "failing" if one["failing"] else percent(one["probability"])
    return [one["entity"], one["hazard"], why, chance, format_duration(one["within_ms"]), str(one["failures_seen"])]
