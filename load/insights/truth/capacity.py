"""Capacity predictions against when limits are really reached."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from load.backtest.columns import Columns, columns_of, only
from load.generate.fleet import Fleet
from load.generate.spec import DAY_MS, HOUR_MS
from load.insights.truth.scoring import brier, by_name, next_of, skill_ratio
from models.arrays import Floats

WITHIN_MS = {"1h": HOUR_MS, "24h": DAY_MS, "7d": 7 * DAY_MS}
LEARNING_MS = 2 * DAY_MS
"""What is predicted before is not looked at."""

CAUSES = ("filling", "leak")
ALARM = 0.5
ETA_MAX_H = 240.0
"""Stands for an instant that is not within the horizon."""

ETA_BANDS_H = ((1.0, 24.0), (24.0, 96.0))

NAMES = ["series", "last_sample_at_ms", "gap", "p_within_1h", "p_within_24h", "p_within_7d", "exhausted_at_p50_ms"]


def capacity_figures(fleet: Fleet, out: Path) -> Iterator[tuple[str, float]]:
    """Brier scores beside those of the plain frequency, errors of the median instant, and false alarms by kind."""
    rows = columns_of(out / "capacity.parquet", NAMES)
    # Nothing is to be foretold of a limit that is reached.
    rows = only(rows, (rows["gap"] > 0) & (rows["last_sample_at_ms"] >= fleet.spec.start_ms + LEARNING_MS))
    truth = defaultdict(list)
    for exhaustion in fleet.truth.exhaustions:
        truth[exhaustion.series].append(exhaustion.at_ms)
    of_series = by_name(rows)
    waits = {name: next_of(np.array(truth[name], np.int64), of["last_sample_at_ms"]) for name, of in of_series.items()}
    yield from _briers("", *_joined(of_series, waits, list(of_series)))
    for cause in CAUSES:
        names = {exhaustion.series for exhaustion in fleet.truth.exhaustions if exhaustion.cause == cause}
        joined = _joined(of_series, waits, sorted(names & of_series.keys()))
        yield from _briers(f" of {cause}", *joined)
        yield from _eta_errors(cause, *joined)
    yield from _false_alarms(fleet, of_series)


def _joined(of_series: dict[str, Columns], waits: dict[str, Floats], names: list[str]) -> tuple[Columns, Floats]:
    """The rows of some series together, and how long each of them has to wait for its limit."""
    rows = {column: np.concatenate([of_series[name][column] for name in names]) for column in NAMES}
    return rows, np.concatenate([waits[name] for name in names])


def _briers(of_what: str, rows: Columns, wait_ms: Floats) -> Iterator[tuple[str, float]]:
    for name, within_ms in WITHIN_MS.items():
        came = wait_ms <= within_ms
        yield f"capacity: Brier {name}{of_what}", brier(rows[f"p_within_{name}"], came)
        yield f"capacity: Brier {name}{of_what} / base", skill_ratio(rows[f"p_within_{name}"], came)


def _eta_errors(cause: str, rows: Columns, wait_ms: Floats) -> Iterator[tuple[str, float]]:
    wait_h = wait_ms / HOUR_MS
    told_h = (rows["exhausted_at_p50_ms"] - rows["last_sample_at_ms"]) / HOUR_MS
    told_h = np.clip(np.nan_to_num(told_h, nan=ETA_MAX_H), 0.1, ETA_MAX_H)
    for low, high in ETA_BANDS_H:
        asked = (wait_h > low) & (wait_h <= high)
        errors = np.abs(np.log(told_h[asked] / wait_h[asked]))
        error = float(np.median(errors)) if len(errors) else float("nan")
        yield f"capacity: median error of ETA of {cause} {low:g}-{high:g} h", error


def _false_alarms(fleet: Fleet, of_series: dict[str, Columns]) -> Iterator[tuple[str, float]]:
    alarms = defaultdict(list)
    for decoy in fleet.truth.decoys:
        if decoy.insight == "capacity" and decoy.series in of_series:
            alarms[decoy.kind].append(float(np.mean(of_series[decoy.series]["p_within_24h"] >= ALARM)))
    for kind, shares in alarms.items():
        yield f"capacity: false alarms of {kind}", float(np.mean(shares))
    yield "capacity: false alarms", float(np.mean([np.mean(shares) for shares in alarms.values()]))
