"""Failure predictions against when rules are really broken."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from load.backtest.columns import Columns, columns_of, only
from load.generate.fleet import Fleet
from load.generate.spec import MINUTE_MS
from load.insights.truth.capacity import LEARNING_MS
from load.insights.truth.scoring import base_brier, brier, by_name, next_of
from models.arrays import Flags, Ints

FLAG_BUDGET = 0.05
"""Of the predictions after which nothing breaks, so many may be flagged."""

LEAD_MS = 20 * MINUTE_MS
"""A flag that comes later before a failure is of no use."""

NAMES = ["series", "last_sample_at_ms", "within_ms", "probability", "breaking"]


def failure_figures(fleet: Fleet, out: Path) -> Iterator[tuple[str, float]]:
    """Brier scores beside those of each series' own frequency, recall within a budget of flags, and false friends."""
    rows = columns_of(out / "failures.parquet", NAMES)
    since = rows["last_sample_at_ms"] >= fleet.spec.start_ms + LEARNING_MS
    of_series = by_name(only(rows, ~rows["breaking"].astype(np.bool_) & since))
    broken = defaultdict(list)
    for failure in fleet.truth.failures:
        broken[failure.series].append(failure.broken_ms)
    for kind in ("suddenly", "creeping"):
        ours = {name: of for name, of in of_series.items() if kind in name}
        truth = {name: np.array(broken[name], np.int64) for name in ours}
        yield from _of_kind(kind, ours, truth)
    for decoy in ("flickering", "just_below"):
        names = [one.series for one in fleet.truth.decoys if one.kind == decoy]
        mean = float(np.mean([np.mean(of_series[name]["probability"]) for name in names if name in of_series]))
        yield f"failure: mean probability of {decoy}", mean


def _of_kind(kind: str, of_series: dict[str, Columns], broken: dict[str, Ints]) -> Iterator[tuple[str, float]]:
    came = {name: next_of(broken[name], of["last_sample_at_ms"]) <= of["within_ms"] for name, of in of_series.items()}
    ours = np.mean([brier(of["probability"], came[name]) for name, of in of_series.items()])
    base = np.mean([base_brier(came[name]) for name in of_series])
    yield f"failure: Brier of {kind} / base", float(ours / base)
    quiet = np.concatenate([of["probability"][~came[name]] for name, of in of_series.items()])
    flag = float(np.quantile(quiet, 1 - FLAG_BUDGET, method="higher"))
    found = [_is_foretold(of, at_ms, flag) for name, of in of_series.items() for at_ms in broken[name].tolist()]
    yield f"failure: recall of {kind} at 5 % flagged, 20 min ahead", float(np.mean(found))


def _is_foretold(of: Columns, broken_ms: int, flag: float) -> bool:
    at_ms = of["last_sample_at_ms"]
    ahead: Flags = (at_ms >= broken_ms - of["within_ms"]) & (at_ms <= broken_ms - LEAD_MS)
    return bool(np.any(ahead & (of["probability"] > flag)))
