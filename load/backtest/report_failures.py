"""The report's part on failures: what is likely to break, whether such words were kept, and how it went before."""

from collections.abc import Iterator, Sequence

import numpy as np

from load.backtest.columns import Columns, by_series, columns_of
from load.backtest.evidence import Evidence
from load.backtest.failure_charts import outcomes, probability_chart, reliability_chart
from load.backtest.labels import about
from load.backtest.page import figures, key, table
from load.backtest.predictions_file import Prediction
from load.backtest.report_texts import most_urgent, percent
from load.backtest.run import Predictions
from models.arrays import Flags, Floats
from streams.settings.durations import format_duration

ROWS_SHOWN = 12
DRAWN = 4

NAMES = ("series", "rule", "last_sample_at_ms", "within_ms", "probability", "breaking", "failures_seen")

ByRule = dict[tuple[str, ...], Columns]


def failures_part(predictions: Predictions, evidence: Evidence) -> Iterator[str]:
    """Nothing where there are no rules."""
    if not predictions.newest:
        return
    ranked = sorted(predictions.newest, key=lambda one: (-one["probability"], one["series"], one["rule"]))
    yield "<h2>What is likely to break?</h2>"
    yield most_urgent(min(ROWS_SHOWN, len(ranked)), len(ranked))
    heads = ["series", "rule", "probability", "within", "breaking now", "failures seen"]
    yield table(heads, [_row(one) for one in ranked[:ROWS_SHOWN]], texts=2)
    rows = by_series(columns_of(evidence.out / "failures.parquet", NAMES), "rule")
    often = sorted(rows, key=lambda one: (-int(rows[one]["failures_seen"][-1]), one))[:DRAWN]
    often = [one for one in often if rows[one]["failures_seen"][-1]]
    if often:
        yield (
            '<p class="quiet">Whether the probabilities kept their word, all series of a rule together; and of the '
            f"series that failed most {key('forecast')}the probability in per cent, with marks on top where the rule "
            f"was broken, {key('other-5', 20)}and when it is known to have been.</p>"
        )
        drawn = [("", "", reliability_chart(_settled(rows))), *_charts(often, rows, evidence)]
        yield figures(drawn)


def _settled(rows: ByRule) -> dict[str, tuple[Floats, Flags]]:
    """By rule: predictions whose outcome is known, and the outcomes."""
    parts: dict[str, list[tuple[Floats, Flags]]] = {}
    for (_, rule), of in sorted(rows.items()):
        parts.setdefault(rule, []).append(outcomes(of))
    return {
        rule: (np.concatenate([said for said, _ in found]), np.concatenate([came for _, came in found]))
        for rule, found in parts.items()
    }


def _charts(often: Sequence[tuple[str, ...]], rows: ByRule, evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    for one in often:
        name, rule = one
        seen = int(rows[one]["failures_seen"][-1])
        labels = about(evidence.labels, name, "failure", "event")
        yield name, f"rule {rule}, {seen:,} failure{'' if seen == 1 else 's'}", probability_chart(rows[one], labels)


def _row(one: Prediction) -> list[str]:
    breaking = "yes" if one["breaking"] else "no"
    within = format_duration(one["within_ms"])
    return [one["series"], one["rule"], percent(one["probability"]), within, breaking, str(one["failures_seen"])]
