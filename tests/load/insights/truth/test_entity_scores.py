"""Scores of hand-made records of objectives and hazards."""

from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from load.generate.fleet import Fleet
from load.generate.spec import DAY_MS, HOUR_MS, FleetSpec
from load.generate.truth import Burn, Decoy, Incident, Truth
from load.insights.truth.hazards import hazard_figures
from load.insights.truth.objectives import objective_figures
from streams.series import SeriesKey, labels_of

SPEC = FleetSpec(seed=1, days=7.0)
LATER_MS = SPEC.start_ms + 3 * DAY_MS


def objective_row(service: str, hour: float, seen: int, alerting: bool = False, left: float = 1.0) -> dict[str, object]:
    at_ms = LATER_MS + round(hour * HOUR_MS)
    said = {"alerting": alerting, "alerts_seen": seen, "budget_left": left, "p_alert_within_24h": 0.5}
    return {"entity": f'{{service="{service}"}}', "last_sample_at_ms": at_ms, **said}


def test_objectives_by_hand(tmp_path: Path) -> None:
    def burn(service: str, kind: str) -> Burn:
        return Burn(f'{{service="{service}"}}', "available", kind, LATER_MS, LATER_MS + DAY_MS)

    truth = Truth(
        burns=[burn("a", "burns_fast"), burn("b", "burns_fast"), burn("a", "burns_slow")],
        decoys=[Decoy('calls_total{service="c"}', None, "steady_errors", "objective")],
    )
    # Of 1000 calls 5 failed: half of what 99 % allow.
    series = [SeriesKey(metric, labels_of({"service": "a"})) for metric in ("calls_total", "failed_calls_total")]
    values = np.array([[100.0, 10.0], [np.nan, np.nan], [1100.0, 15.0]])
    rows = [
        objective_row("a", -1, 0),
        objective_row("a", 0.9, 1, alerting=True),
        objective_row("a", 30, 1, left=0.4),
        objective_row("b", 0, 0),
        # Too late.
        objective_row("b", 1.1, 1, alerting=True),
        objective_row("c", 0, 0),
        objective_row("c", 40, 2),
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "objectives.parquet")
    figures = dict(objective_figures(Fleet(SPEC, series, values, truth), tmp_path))
    assert figures["objective: burns_fast alerted in time"] == 0.5
    assert figures["objective: burns_slow alerted in time"] == 1.0
    # Two in the week of the one decoy.
    assert figures["objective: alerts per week of decoys"] == pytest.approx(2.0)
    assert figures["objective: error of the budget left"] == pytest.approx(0.1)
    # A day before the end: `a` at -1 (it comes), `c` at 0 (its alerts come later): .25 each, as the frequency has.
    assert figures["objective: Brier 24h / base"] == pytest.approx(1.0)


def hazard_row(host: str, hour: float, score: float, failures: int = 0) -> dict[str, object]:
    at_ms = LATER_MS + round(hour * HOUR_MS)
    drivers = orjson.dumps([{"text": "it wears"}] if score > 1 else []).decode()
    said = {"score": score, "failures_seen": failures, "drivers": drivers}
    return {"entity": f'{{host="{host}"}}', "last_sample_at_ms": at_ms, **said}


def test_hazards_by_hand(tmp_path: Path) -> None:
    failures = [Incident(f'{{host="{host}"}}', "worn_out", LATER_MS, LATER_MS + HOUR_MS) for host in "ab"]
    truth = Truth(incidents=failures, decoys=[Decoy('bad_sectors{host="c"}', None, "long_worn", "hazard")])
    rows = [
        hazard_row("a", -25, 2.5),
        hazard_row("a", 0, 3.0, failures=1),
        # It stands out of `c` only 23 hours before, and its failure is not settled.
        hazard_row("b", -25, 2.0),
        hazard_row("b", -23, 2.5),
        hazard_row("c", 0, 2.0),
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "hazards.parquet")
    figures = dict(hazard_figures(Fleet(SPEC, [], np.empty((0, 0)), truth), tmp_path))
    assert figures["hazard: failures that stood out a day ahead"] == 0.5
    assert figures["hazard: with drivers named"] == 1.0
    assert figures["hazard: failures settled"] == 0.5
