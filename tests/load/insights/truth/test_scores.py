"""Scores of hand-made predictions, and bars that are missed."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from load.generate.fleet import Fleet
from load.generate.spec import DAY_MS, HOUR_MS, FleetSpec
from load.generate.truth import Decoy, Exhaustion, Failure, Truth
from load.insights.truth.bars import Bar, missed
from load.insights.truth.capacity import capacity_figures
from load.insights.truth.failures import failure_figures
from load.insights.truth.scoring import base_brier, brier, next_of

SPEC = FleetSpec(seed=1, days=7.0)
LATER_MS = SPEC.start_ms + 3 * DAY_MS


def fleet(truth: Truth) -> Fleet:
    return Fleet(SPEC, [], np.empty((0, 0)), truth)


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path.parent


def test_briers_by_hand() -> None:
    came = np.array([True, False, False, False])
    # (.5^2 + .5^2 + 0 + 0) / 4; the frequency 1/4: (.75^2 + 3 * .25^2) / 4
    assert brier(np.array([0.5, 0.5, 0.0, 0.0]), came) == pytest.approx(0.125)
    assert base_brier(came) == pytest.approx(0.1875)


def test_the_next_of_some_instants_lies_after() -> None:
    waits = next_of(np.array([30, 10]), np.array([0, 10, 29, 30]))
    assert waits.tolist() == [10, 20, 1, np.inf]


def capacity_row(series: str, hour: int, p: float, told_h: float | None, gap: float = 1.0) -> dict[str, object]:
    at_ms = LATER_MS + hour * HOUR_MS
    told_ms = None if told_h is None else at_ms + round(told_h * HOUR_MS)
    chances = {f"p_within_{within}": p for within in ("1h", "24h", "7d")}
    return {"series": series, "last_sample_at_ms": at_ms, "gap": gap, "exhausted_at_p50_ms": told_ms, **chances}


def test_capacity_by_hand(tmp_path: Path) -> None:
    truth = Truth(
        exhaustions=[
            Exhaustion("full", "limit", LATER_MS + 12 * HOUR_MS, "filling", "disk"),
            Exhaustion("leaks", "limit", LATER_MS + 9 * DAY_MS, "leak", "process"),
        ],
        decoys=[
            Decoy("calm", "limit", "nightly"),
            Decoy("noise", "limit", "cron"),
            Decoy("gauge", None, "x", "anomaly"),
        ],
    )
    rows = [
        capacity_row("full", 0, 1.0, 24.0),
        capacity_row("full", 4, 0.5, 8.0),
        capacity_row("full", 8, 0.5, 2.0),
        capacity_row("full", 12, 0.0, None, gap=0.0),
        capacity_row("full", -40, 0.0, None),
        capacity_row("calm", 0, 0.0, None),
        capacity_row("calm", 4, 0.5, None),
        capacity_row("noise", 0, 0.0, None),
        capacity_row("leaks", 0, 0.5, None),
    ]
    figures = dict(capacity_figures(fleet(truth), written(tmp_path / "capacity.parquet", rows)))
    # The first two days and what is reached do not count: squares 0, .25, .25 of `full`, 0, .25, 0, .25 of others.
    assert figures["capacity: Brier 24h"] == pytest.approx(1.0 / 7)
    assert figures["capacity: Brier 1h"] == pytest.approx(2.0 / 7)
    assert figures["capacity: Brier 24h of leak"] == pytest.approx(0.25)
    # The frequency 3 of 7 has 3/7 * 4/7.
    assert figures["capacity: Brier 24h / base"] == pytest.approx((1 / 7) / (12 / 49))
    # 24 h for 12, 8 for 8, 2 for 4
    assert figures["capacity: median error of ETA of filling 1-24 h"] == pytest.approx(np.log(2))
    assert figures["capacity: false alarms of nightly"] == 0.5
    assert figures["capacity: false alarms"] == 0.25


def failure_row(series: str, hour: float, p: float, breaking: bool = False) -> dict[str, object]:
    at_ms = LATER_MS + round(hour * HOUR_MS)
    told = {"probability": p, "breaking": breaking, "within_ms": 2 * HOUR_MS}
    return {"series": series, "last_sample_at_ms": at_ms, **told}


def test_failures_by_hand(tmp_path: Path) -> None:
    broken_ms = [LATER_MS + hour * HOUR_MS for hour in (10, 20)]
    failures = [Failure(f"a {kind}", "errors", at, at, at + 1) for kind in ("creeping", "suddenly") for at in broken_ms]
    decoys = [Decoy(kind, None, kind, "failure") for kind in ("flickering", "just_below")]
    rows = [
        *[failure_row("a creeping", hour, 0.0) for hour in range(8)],
        failure_row("a creeping", 9, 0.9),
        failure_row("a creeping", 10, 0.0, breaking=True),
        # Too late to be of use.
        failure_row("a creeping", 19.9, 0.9),
        *[failure_row("a suddenly", hour, 0.25) for hour in (6, 7, 8, 9)],
        failure_row("flickering", 0, 0.25),
        failure_row("just_below", 0, 0.0),
    ]
    figures = dict(
        failure_figures(fleet(Truth(failures=failures, decoys=decoys)), written(tmp_path / "failures.parquet", rows))
    )
    assert figures["failure: recall of creeping at 5 % flagged, 20 min ahead"] == 0.5
    # Outcomes of ten predictions: two come. Squares: .01 and .01; the frequency .2 has .16.
    assert figures["failure: Brier of creeping / base"] == pytest.approx(0.002 / 0.16)
    # Half of four came: squares 2 * .5625 + 2 * .0625 over 4; the frequency .5 has .25.
    assert figures["failure: Brier of suddenly / base"] == pytest.approx(0.3125 / 0.25)
    assert figures["failure: recall of suddenly at 5 % flagged, 20 min ahead"] == 0.0
    assert figures["failure: mean probability of flickering"] == 0.25


def test_bars_are_missed_by_what_is_beyond_them_and_by_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    bars = {"low": Bar(at_most=1.0), "high": Bar(at_least=0.5), "gone": Bar(at_most=1.0)}
    monkeypatch.setattr("load.insights.truth.bars.BARS", bars)
    assert missed({"low": 1.0, "high": 0.5, "gone": 0.0}) == []
    assert missed({"low": 1.5, "high": 0.25}) == [
        "low is 1.5, must be at most 1",
        "high is 0.25, must be at least 0.5",
        "gone is nan, must be at most 1",
    ]
