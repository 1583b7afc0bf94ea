"""Failure rules in a pipeline: what forecasts have to say of them."""

from typing import Any

import numpy as np

from streams.pipeline.partition import PartitionPipeline
from tests.streams.pipeline.logs import pipeline, rows, run, said

HALF_HOURS, DAYS, JOB = 48, 9, 18
STEPS = HALF_HOURS * DAYS


def nightly(**rule: Any) -> PartitionPipeline:
    """Half-hourly samples of a machine, and a rule that looks two hours ahead; all is published each time."""
    hot = {"name": "hot", "metric": "cpu", "above": 80, "for": "1h", "within": "2h"} | rule
    return pipeline(
        sources=[{"topic": "telemetry", "step": "30m", "entity": ["host"]}],
        forecast={"horizon": 48, "emit_every": 1},
        failures=[hot],
    )


def job_at(step: int) -> bool:
    """Whether the machine is at its daily job, an hour and a half from nine on."""
    return step % HALF_HOURS in range(JOB, JOB + 3)


def told(of: PartitionPipeline) -> dict[int, Any]:
    """What was said of the rule after each step of a machine that is idle but for its job."""
    rng = np.random.default_rng(1)
    log = rows([("cpu", 30 * n, (95.0 if job_at(n) else 20.0) + rng.normal()) for n in range(STEPS)])
    return dict(zip(range(1, STEPS), said(run(of, log), "foreshock.failures"), strict=True))


class NoPaths:
    """Forecasts that say nothing of thresholds."""

    def within(self, slots: Any, _passing: Any, within_ms: Any) -> Any:
        return np.full((len(slots), len(within_ms)), np.nan)


def test_a_forecast_sees_a_daily_job_coming_before_the_threshold_is_near() -> None:
    alone = nightly()
    alone.state.failures.paths = NoPaths()  # type: ignore[assignment]
    both, frequency = told(nightly()), told(alone)
    last_day = STEPS - HALF_HOURS
    # The rule is broken with the job's second sample: half past nine, seen from eight on, and not from five.
    before, soon = last_day + JOB - 8, last_day + JOB - 2
    assert both[soon]["probability"] > 0.5 > 0.3 > frequency[soon]["probability"]
    assert both[before]["probability"] < 0.1
    assert both[soon]["forecast_weight"] > 0.5
    assert frequency[soon]["forecast_weight"] is None
    assert both[STEPS - 1]["brier"] < 0.8 * frequency[STEPS - 1]["brier"]
    assert both[STEPS - 1]["looks_settled"] == frequency[STEPS - 1]["looks_settled"] > 300


def test_a_forecast_that_ends_before_the_horizon_says_nothing() -> None:
    records = told(nightly(within="25h"))
    assert {record["forecast_weight"] for record in records.values()} == {None}
    assert all(record["p_within_1h"] <= record["p_within_24h"] <= record["probability"] for record in records.values())


def test_a_rule_below_a_threshold_is_foretold_too() -> None:
    """Idleness as a failure: it lasts from half past ten to nine, so it opens at eleven."""
    records = told(nightly(above=None, below=50))
    at = STEPS - HALF_HOURS + JOB + 1
    assert not records[at]["breaking"]
    assert records[at]["probability"] > 0.8
    assert records[at]["forecast_weight"] > 0.5
