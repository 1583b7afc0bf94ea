"""Scores of hand-made episodes and incidents."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from load.backtest.episodes import EPISODES_FILE, INCIDENTS_FILE
from load.generate.fleet import Fleet
from load.generate.spec import DAY_MS, HOUR_MS, FleetSpec
from load.generate.truth import Anomaly, Decoy, Incident, Restart, Truth
from load.insights.truth.anomalies import LEARNING_MS, SLACK_MS, anomaly_figures
from load.insights.truth.incidents import incident_figures

SPEC = FleetSpec(seed=1, days=10.0)
LATER_MS = SPEC.start_ms + LEARNING_MS + DAY_MS


def fleet(truth: Truth) -> Fleet:
    return Fleet(SPEC, [], np.empty((0, 0)), truth)


def episode(
    series: str, kind: str, hour: float, found_after_h: float = 0.5, suppressed: bool = False
) -> dict[str, Any]:
    start_ms = LATER_MS + round(hour * HOUR_MS)
    found_ms = start_ms + round(found_after_h * HOUR_MS)
    told = {"state": "open", "start_ms": start_ms, "found_ms": found_ms, "last_ms": found_ms, "end_ms": found_ms}
    return {"series": series, "anomaly": kind, "score": 0.9, "suppressed": suppressed, **told}


def anomaly(series: str, kind: str, hour: float) -> Anomaly:
    start_ms = LATER_MS + round(hour * HOUR_MS)
    return Anomaly(series, kind, start_ms, start_ms + HOUR_MS)


def test_anomalies_by_hand(tmp_path: Path) -> None:
    truth = Truth(
        anomalies=[anomaly("a", "spike", 0), anomaly("a", "spike", 24), anomaly("b", "stopped", 0)],
        decoys=[Decoy("calm", None, "usual", "anomaly"), Decoy("wild", None, "sparse", "anomaly")],
    )
    slack_h = SLACK_MS / HOUR_MS
    rows = [
        episode("a", "value", 0.2),
        # Told too late: it is missed, and an alarm of nothing.
        episode("a", "value", 24.5, found_after_h=1.0 + slack_h),
        episode("a", "value", 60),
        episode("b", "value", 0.0),
        episode("b", "missing", 70, suppressed=True),
        episode("wild", "value", 0),
        episode("wild", "value", 1),
        episode("wild", "value", -48 - 24),
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / EPISODES_FILE)
    figures = dict(anomaly_figures(fleet(truth), tmp_path))
    assert figures["anomaly: recall of spike"] == 0.5
    assert figures["anomaly: recall of stopped"] == 1.0
    assert figures["anomaly: recall"] == pytest.approx(2 / 3)
    assert figures["anomaly: found ones with the right kind"] == 0.5
    assert figures["anomaly: precision"] == 0.5
    # Two in the week that is left.
    assert figures["anomaly: alarms per week of sparse"] == 2.0
    assert figures["anomaly: alarms per week of decoys"] == 1.0


def told(number: int, hour: float, *entities: str, predicted: bool = False) -> dict[str, Any]:
    opened_ms = LATER_MS + round(hour * HOUR_MS)
    members = [{"entity": entity} for entity in entities]
    return {"id": str(number), "opened_at_ms": opened_ms, "predicted": predicted, "members": members}


def test_incidents_by_hand(tmp_path: Path) -> None:
    def cascade(hour: int, *entities: str) -> Incident:
        start_ms = LATER_MS + hour * HOUR_MS
        return Incident(entities[0], "cascade", start_ms, start_ms + HOUR_MS, entities[1:])

    truth = Truth(
        incidents=[cascade(0, "a", "b"), cascade(10, "a", "b"), cascade(20, "a", "b"), cascade(30, "a", "b")],
        restarts=[Restart("r", LATER_MS + 50 * HOUR_MS)],
    )
    incidents = [
        told(1, 0.05, "a", "b"),
        told(2, 11.2, "x", "b", "y", "a"),
        told(3, 20.2, "a", predicted=True),
        told(4, 30.2, "x"),
        told(5, 50.1, "r"),
        told(6, -90, "x"),
    ]
    (tmp_path / INCIDENTS_FILE).write_bytes(b"".join([orjson.dumps(one) + b"\n" for one in incidents]))
    figures = dict(incident_figures(fleet(truth), tmp_path))
    assert figures["incident: found"] == 0.5
    assert figures["incident: found within 5 min"] == 0.25
    assert figures["incident: root first, of those found"] == 0.5
    assert figures["incident: root among the first three"] == 0.5
    # One of nothing in nine days and a half: the others are too early, of a restart, or of the cascades.
    assert figures["incident: false ones a day"] == pytest.approx(1 / 9.5)
