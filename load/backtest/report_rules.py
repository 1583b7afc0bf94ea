"""The report's part on rules: what runs out, and what is likely to break."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from load.backtest.page import table
from load.backtest.predictions_file import Prediction
from load.backtest.report_texts import minute, percent
from load.backtest.run import Outcome, Predictions
from streams.settings.durations import format_duration
from streams.settings.instants import format_instant

ROWS_SHOWN = 12


def rules_part(outcome: Outcome) -> Iterator[str]:
    """Nothing where there are no rules."""
    if outcome.capacity.newest:
        yield "<h2>What runs out first?</h2>"
        yield _which(outcome.capacity)
        ranked = sorted(outcome.capacity.newest, key=_capacity_urgency)
        heads = ["series", "rule", "level", "limit", "within 24 h", "within 7 d", "even chance at"]
        yield table(heads, [_capacity_row(one) for one in ranked[:ROWS_SHOWN]], texts=2)
    if outcome.failures.newest:
        yield "<h2>What is likely to break?</h2>"
        yield _which(outcome.failures)
        ranked = sorted(outcome.failures.newest, key=lambda one: (-one["probability"], one["series"], one["rule"]))
        heads = ["series", "rule", "probability", "within", "breaking now", "failures seen"]
        yield table(heads, [_failure_row(one) for one in ranked[:ROWS_SHOWN]], texts=2)
    if outcome.hazards.newest:
        yield "<h2>Who is likely to fail?</h2>"
        yield _which(outcome.hazards)
        ranked = sorted(outcome.hazards.newest, key=lambda one: (-one["probability"], -one["score"], one["entity"]))
        heads = ["entity", "hazard", "why", "probability", "within", "failures seen"]
        yield table(heads, [_hazard_row(one) for one in ranked[:ROWS_SHOWN]], texts=3)


def _which(predictions: Predictions) -> str:
    shown, all_of_them = min(ROWS_SHOWN, len(predictions.newest)), len(predictions.newest)
    return f'<p class="quiet">The {shown:,} most urgent of {all_of_them:,}, as they stood at the recording\'s end.</p>'


def _capacity_urgency(one: Prediction) -> tuple[Any, ...]:
    return (-one["p_within_24h"], -one["p_within_7d"], one["exhausted_at_p50_ms"] or np.inf, one["series"], one["rule"])


def _capacity_row(one: Prediction) -> list[str]:
    when = _when(one["exhausted_at_p50_ms"], one)
    chances = [percent(one["p_within_24h"]), percent(one["p_within_7d"])]
    return [one["series"], one["rule"], f"{one['level']:.4g}", f"{one['limit']:.4g}", *chances, when]


def _when(at_ms: int | None, one: Prediction) -> str:
    if at_ms is None:
        return f"not within {one['eta_horizon_h'] / 24:.0f} days"
    return "reached" if at_ms <= one["last_sample_at_ms"] else minute(format_instant(at_ms))


def _hazard_row(one: Prediction) -> list[str]:
    why = "; ".join([driver["text"] for driver in one["drivers"]]) or "-"
    chance = "failing" if one["failing"] else percent(one["probability"])
    return [one["entity"], one["hazard"], why, chance, format_duration(one["within_ms"]), str(one["failures_seen"])]


def _failure_row(one: Prediction) -> list[str]:
    breaking = "yes" if one["breaking"] else "no"
    within = format_duration(one["within_ms"])
    return [one["series"], one["rule"], percent(one["probability"]), within, breaking, str(one["failures_seen"])]
