"""Error budgets and their alerts against what was really spent."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from load.backtest.columns import Columns, columns_of, only
from load.generate.fleet import Fleet
from load.generate.rules import AVAILABLE_PERCENT, BAD_CALLS, CALLS
from load.generate.signal import entity_text
from load.generate.spec import DAY_MS, HOUR_MS
from load.insights.truth.scoring import next_of, skill_ratio
from streams.series import parse_series

SOON_MS = {"burns_fast": HOUR_MS, "burns_slow": 36 * HOUR_MS}
"""So long after a burn's begin an alert is in time; a slow one takes as long to be told from ordinary errors."""

ALLOWED = 1.0 - AVAILABLE_PERCENT / 100.0
FILE = "objectives.parquet"
NAMES = ["entity", "last_sample_at_ms", "alerting", "alerts_seen", "budget_left", "p_alert_within_24h"]


def objective_figures(fleet: Fleet, out: Path) -> Iterator[tuple[str, float]]:
    """Burns that were alerted of in time, alerts of nothing, how far off the budget is, and Brier scores of alerts."""
    rows = columns_of(out / FILE, NAMES)
    of_entity = {entity: only(rows, rows["entity"] == entity) for entity in sorted(set(rows["entity"].tolist()))}
    for kind, soon_ms in SOON_MS.items():
        burns = [burn for burn in fleet.truth.burns if burn.kind == kind]
        told = [_first_alert_ms(of_entity[burn.entity], burn.start_ms) - burn.start_ms <= soon_ms for burn in burns]
        yield f"objective: {kind} alerted in time", float(np.mean(told))
    quiet = [_entity_of(one.series) for one in fleet.truth.decoys if one.insight == "objective"]
    alerts = sum([int(of_entity[entity]["alerts_seen"][-1]) for entity in quiet])
    weeks = len(quiet) * (fleet.spec.end_ms - fleet.spec.start_ms) / (7 * DAY_MS)
    yield "objective: alerts per week of decoys", alerts / weeks
    truth = _budgets_left(fleet)
    yield "objective: error of the budget left", max([abs(of_entity[e]["budget_left"][-1] - truth[e]) for e in truth])
    yield from _brier(of_entity)


def _first_alert_ms(rows: Columns, since_ms: int) -> float:
    alerting = rows["alerting"].astype(np.bool_) & (rows["last_sample_at_ms"] >= since_ms)
    return float(rows["last_sample_at_ms"][alerting][0]) if alerting.any() else float("inf")


def _brier(of_entity: dict[str, Columns]) -> Iterator[tuple[str, float]]:
    """Of alerts within a day, over that of the plain frequency."""
    said, came = [], []
    for rows in of_entity.values():
        seen = np.diff(rows["alerts_seen"], prepend=0) > 0
        waiting = ~rows["alerting"].astype(np.bool_) & (
            rows["last_sample_at_ms"] <= rows["last_sample_at_ms"][-1] - DAY_MS
        )
        said.append(rows["p_alert_within_24h"][waiting])
        came.append(next_of(rows["last_sample_at_ms"][seen], rows["last_sample_at_ms"][waiting]) <= DAY_MS)
    yield "objective: Brier 24h / base", skill_ratio(np.concatenate(said), np.concatenate(came))


def _budgets_left(fleet: Fleet) -> dict[str, float]:
    """What the counters themselves say: the fleet is younger than the budget's window."""
    spent: dict[str, dict[str, float]] = {}
    for key, values in zip(fleet.series, fleet.values.T, strict=True):
        if key.metric in (CALLS, BAD_CALLS):
            known = values[~np.isnan(values)]
            spent.setdefault(entity_text(key.labels), {})[key.metric] = known[-1] - known[0]
    return {entity: 1.0 - of[BAD_CALLS] / of[CALLS] / ALLOWED for entity, of in spent.items()}


def _entity_of(series: str) -> str:
    return entity_text(parse_series(series).labels)
