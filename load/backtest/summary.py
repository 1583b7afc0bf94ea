"""summary.json: a run in numbers."""

import hashlib
import resource
import sys
from dataclasses import asdict
from typing import Any

import numpy as np
import orjson

from load.backtest.accuracy import Accuracy
from load.backtest.plan import Plan
from load.backtest.run import Outcome
from streams.cli.versions import versions
from streams.pipeline.config import MODEL_VERSION
from streams.settings.instants import format_instant
from streams.settings.model import Settings

SUMMARY_VERSION = 1

Summary = dict[str, Any]

_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024


def summary_of(recording: str, span_ms: tuple[int, int], plan: Plan, settings: Settings, outcome: Outcome) -> Summary:
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
        "capacity_predictions": outcome.capacity.count,
        "failure_predictions": outcome.failures.count,
        "seconds": round(outcome.seconds, 3),
        "samples_per_s": round(outcome.samples / max(outcome.seconds, 1e-9)),
        "bytes_per_series": round(outcome.bytes_per_series),
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES,
        "model": MODEL_VERSION,
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
    """Of each step ahead; null where nothing came."""
    sums = accuracy.by_horizon
    with np.errstate(divide="ignore", invalid="ignore"):
        rows = {
            "crps": sums.loss / sums.size,
            "crps_seasonal_naive": sums.naive_loss / sums.size,
            "coverage_80": sums.inside / sums.samples,
        }
    return {name: [float(x) if np.isfinite(x) else None for x in row] for name, row in rows.items()}
