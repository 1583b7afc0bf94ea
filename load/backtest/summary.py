"""summary.json: a run in numbers."""

import hashlib
import resource
import sys
from dataclasses import asdict
from typing import Any

import numpy as np
import orjson

from load.backtest.accuracy import Accuracy
from load.backtest.comparison import Comparison, Method
from load.backtest.plan import Plan
from load.backtest.run import Outcome
from load.backtest.tally import Tally, horizon_groups, ratio
from models.arrays import Floats
from streams.cli.versions import versions
from streams.settings.forecast import DECILES
from streams.settings.instants import format_instant
from streams.settings.model import Settings

SUMMARY_VERSION = 1

Summary = dict[str, Any]

_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024


def summary_of(
    recording: str,
    span_ms: tuple[int, int],
    plan: Plan,
    settings: Settings,
    outcome: Outcome,
    comparison: Comparison,
) -> Summary:
    """The run as plain values."""
    return {
        "v": SUMMARY_VERSION,
        "recording": recording,
        "first": format_instant(span_ms[0]),
        "last": format_instant(span_ms[1]),
        "step_ms": plan.step_ms,
        "horizon_steps": plan.horizon,
        "origins": [format_instant(origin_ms) for origin_ms in plan.origins_ms],
        "series": outcome.series,
        "samples": outcome.samples,
        "samples_accepted": outcome.samples_accepted,
        "rejects": {reason.value: rows for reason, rows in sorted(outcome.rejects.items())},
        "errors": asdict(outcome.accuracy.summary()),
        "by_horizon": _by_horizon(outcome.accuracy),
        "calibration": _calibration(outcome.accuracy.ours),
        "comparison": _comparison(comparison),
        "capacity_predictions": outcome.capacity.count,
        "failure_predictions": outcome.failures.count,
        "hazard_predictions": outcome.hazards.count,
        "objective_predictions": outcome.objectives.count,
        "incidents": outcome.incidents,
        "seconds": round(outcome.seconds, 3),
        "samples_per_s": round(outcome.samples / max(outcome.seconds, 1e-9)),
        "bytes_per_series": round(outcome.bytes_per_series),
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES,
        "model": outcome.model,
        "settings_hash": settings_hash(settings),
        "versions": versions(),
    }


def settings_hash(settings: Settings) -> str:
    """Tells whether two runs had the same settings, of those that predictions depend on."""
    decisive = settings.model_dump(mode="json", by_alias=True, exclude={"broker", "worker"})
    return hashlib.sha256(orjson.dumps(decisive, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def summary_json(summary: Summary) -> bytes:
    """The file's content."""
    return orjson.dumps(summary, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _by_horizon(accuracy: Accuracy) -> dict[str, list[float | None]]:
    """Of each step ahead."""
    return {
        "crps": _list(accuracy.ours.crps_by_horizon()),
        "crps_seasonal_naive": _list(accuracy.naive.crps_by_horizon()),
        "coverage_80": _list(accuracy.ours.coverage_by_horizon()),
    }


def _calibration(tally: Tally) -> dict[str, Any]:
    """Share of what came below each decile: in all, and of the near, the middle and the far steps ahead."""
    groups = horizon_groups(len(tally.samples))
    return {
        "levels": list(DECILES),
        "below": _list(tally.calibration()),
        "by_horizon": [
            {"first": first, "last": last, "below": _list(tally.calibration(first, last))} for first, last in groups
        ],
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    beside = comparison.seasonal_naive
    return {
        "series": comparison.series,
        "samples_scored": int(beside.tally.samples.sum()),
        "methods": [_method(method, beside) for method in comparison.methods],
    }


def _method(method: Method, beside: Method) -> dict[str, Any]:
    """A method, also relative to seasonal naive."""
    score, naive = method.tally.score(), beside.tally.score()
    return {
        "name": method.name,
        "title": method.title,
        **asdict(score),
        "crps_relative": ratio(score.crps, naive.crps),
        "mase_relative": ratio(score.mase, naive.mase),
        "cpu_seconds": round(method.seconds, 6),
        "cost_samples": method.samples,
        "us_per_sample": method.us_per_sample,
        "forecasts": method.forecasts,
        "unanswered": method.unanswered,
        "by_horizon": {
            "crps": _list(method.tally.crps_by_horizon()),
            "coverage_80": _list(method.tally.coverage_by_horizon()),
        },
        "calibration": _calibration(method.tally),
    }


def _list(values: Floats) -> list[float | None]:
    """Numbers as JSON has them: null where there is none."""
    return [float(value) if np.isfinite(value) else None for value in values]
