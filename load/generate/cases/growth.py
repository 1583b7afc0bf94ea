"""Growth that reaches a limit, and growth that looks like it: the cases of capacity."""

from collections.abc import Callable

import numpy as np

from load.generate.cases.family import case_labels, case_rng, steady
from load.generate.rules import DISK, PROCESS
from load.generate.shapes import MONDAY_MS, WEEK_MS
from load.generate.signal import Signals
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS, FleetSpec
from load.generate.truth import Decoy, Exhaustion
from load.generate.volumes import filling_share
from load.recordings.table import FloatColumn
from streams.series import series_name

FAMILY = 5
CAPACITY_BYTES = float(200 << 30)

Shape = Callable[[np.random.Generator, FleetSpec], FloatColumn]
"""Share of the limit in use [steps]; NaN where nothing is reported."""


def nightly_files(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """Temporary files of a job, every night."""
    since = (spec.times_ms() - int(rng.uniform(0, 6) * HOUR_MS)) % DAY_MS
    length = rng.uniform(1.0, 2.5) * HOUR_MS
    return _base(rng, spec) + rng.uniform(0.2, 0.26) * np.where(since < length, since / length, 0.0)


def weekly_cron(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """An export, every Sunday morning for three hours."""
    since = (spec.times_ms() - MONDAY_MS - 6 * DAY_MS - int(rng.uniform(2, 5) * HOUR_MS)) % WEEK_MS
    return _base(rng, spec) + 0.26 * (since < 3 * HOUR_MS)


def log_rotation(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """Logs grow for days, and are rotated."""
    return 0.3 + 0.55 * _sawtooth(rng, spec, rng.uniform(1.5, 3.0) * DAY_MS) + steady(rng, spec, 0.005)


def gc_sawtooth(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """A heap that is collected when it is nearly full, every few hours."""
    return 0.45 + 0.47 * _sawtooth(rng, spec, rng.uniform(3, 6) * HOUR_MS) + steady(rng, spec, 0.01)


def flattening(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """A cache that grows ever more slowly, to 85 % of what there is."""
    age = np.arange(spec.steps) / (spec.steps * rng.uniform(0.1, 0.2))
    return 0.85 - 0.5 * np.exp(-age) + steady(rng, spec, 0.005)


def stops_growing(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """Grows steadily, and from half time on is a flat line."""
    grown = np.minimum(np.arange(spec.steps) / (0.5 * spec.steps), 1.0)
    return 0.3 + rng.uniform(0.4, 0.5) * grown


def falls_silent(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """Grows steadily, and stops reporting long before it is full; the volume was taken away."""
    share = 0.3 + rng.uniform(0.4, 0.5) * np.arange(spec.steps) / (0.6 * spec.steps) + steady(rng, spec, 0.005)
    share[int(0.6 * spec.steps) :] = np.nan
    return np.asarray(share)


DECOYS: dict[str, Shape] = {
    "nightly_files": nightly_files,
    "weekly_cron": weekly_cron,
    "log_rotation": log_rotation,
    "gc_sawtooth": gc_sawtooth,
    "flattening": flattening,
    "stops_growing": stops_growing,
    "falls_silent": falls_silent,
}
TRULY = ("filling", "in_jumps", "leak_under_gc")
RESIZED = "resized"


def growth_signals(spec: FleetSpec, number: int) -> Signals:
    """One case of each kind."""
    signals = Signals()
    for kind, (name, shape) in enumerate(DECOYS.items()):
        _add(signals, spec, name, number, shape(case_rng(spec, FAMILY, kind, number), spec), [])
    base = len(DECOYS)
    signals.extend(_resized(spec, case_rng(spec, FAMILY, base, number), number))
    for kind, (name, roughness) in enumerate((("filling", 0.5), ("in_jumps", 2.0)), base + 1):
        rng = case_rng(spec, FAMILY, kind, number)
        full_ms = _full_ms(rng, spec, number)
        _add(signals, spec, name, number, filling_share(rng, spec, full_ms, roughness), [full_ms])
    share, at_ms = _leak_under_gc(case_rng(spec, FAMILY, base + 3, number), spec)
    _add(signals, spec, "leak_under_gc", number, share, at_ms)
    return signals


def _add(signals: Signals, spec: FleetSpec, kind: str, number: int, share: FloatColumn, at_ms: list[int]) -> None:
    is_memory = "gc" in kind
    metric = "process_memory" if is_memory else "volume_used"
    limited_by = "process_memory_limit_bytes" if is_memory else "volume_capacity_bytes"
    labels = case_labels("service" if is_memory else "volume", kind, number)
    used = signals.add(f"{metric}_bytes", labels, np.floor(CAPACITY_BYTES * share))
    limit = signals.add(limited_by, labels, np.full(spec.steps, CAPACITY_BYTES))
    names = series_name(used), series_name(limit)
    rule, cause = (PROCESS, "leak") if is_memory else (DISK, "filling")
    signals.truth.exhaustions.extend([Exhaustion(*names, at, cause, rule) for at in at_ms])
    if not at_ms:
        signals.truth.decoys.append(Decoy(*names, kind))


def _resized(spec: FleetSpec, rng: np.random.Generator, number: int) -> Signals:
    """Grows towards a capacity that is doubled in time."""
    signals, labels, at = Signals(), case_labels("volume", RESIZED, number), int(rng.uniform(0.5, 0.7) * spec.steps)
    share = 0.35 + 0.5 * np.arange(spec.steps) / at + steady(rng, spec, 0.005)
    capacity = np.where(np.arange(spec.steps) < at, CAPACITY_BYTES, 2 * CAPACITY_BYTES)
    used = signals.add("volume_used_bytes", labels, np.floor(CAPACITY_BYTES * share))
    limit = signals.add("volume_capacity_bytes", labels, capacity)
    signals.truth.decoys.append(Decoy(series_name(used), series_name(limit), RESIZED))
    return signals


def _full_ms(rng: np.random.Generator, spec: FleetSpec, number: int) -> int:
    """Every second one is full within the recording, where it stays so."""
    if number % 2:
        return spec.end_ms + int(rng.uniform(6, 60) * HOUR_MS) // spec.step_ms * spec.step_ms
    return spec.at(rng.uniform(0.8, 0.95))


def _leak_under_gc(rng: np.random.Generator, spec: FleetSpec) -> tuple[FloatColumn, list[int]]:
    """What is live after a collection grows until nothing can be collected, and the process is killed."""
    tooth = max(2, 40 * MINUTE_MS // spec.step_ms)
    period = tooth * (int(rng.uniform(2.0, 4.0) * DAY_MS) // spec.step_ms // tooth)
    age = (np.arange(spec.steps) + int(rng.integers(period))) % period
    share = 0.3 + 0.6 * age / period + 0.1 * (age % tooth) / tooth
    share[age == period - 1] = 1.0
    full = np.flatnonzero(age == period - 1)
    coming = [*full.tolist(), spec.steps + period - 1 - int(age[-1] + 1) % period]
    return np.asarray(share), [spec.start_ms + step * spec.step_ms for step in coming]


def _base(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    return rng.uniform(0.55, 0.65) + steady(rng, spec, 0.02)


def _sawtooth(rng: np.random.Generator, spec: FleetSpec, period_ms: float) -> FloatColumn:
    """From 0 to 1 and back to 0 at once."""
    return np.asarray((np.arange(spec.steps) * spec.step_ms / period_ms + rng.uniform()) % 1.0)
