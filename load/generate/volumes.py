"""Volumes: one is full a known time after the recording, one is full and cleared within it, one has nightly backups."""

import numpy as np

from load.generate.hosts import host_labels
from load.generate.rules import DISK
from load.generate.shapes import smooth_noise, user_load
from load.generate.signal import Signals, labels_at, own_rng
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS, FleetSpec
from load.generate.truth import Decoy, Exhaustion
from load.recordings.table import FloatColumn, IntColumn
from streams.series import series_name

KIND = 3
GIB = 1 << 30

# Places in the list of volumes; a fleet with fewer has only the first of them.
FILLING, CLEARED, BACKED_UP = 0, 1, 2

FULL_AFTER_END_MS = 30 * HOUR_MS
FULL_WITHIN_AT = 0.7  # Of the span.
FULL_FOR_MS = 2 * HOUR_MS  # Until someone clears it.
CLEARED_SHARE = 0.35
FILL_FROM_SHARE = (0.4, 0.5)
ROUGHNESS = 0.5

BACKUP_AT_MS = 2 * HOUR_MS  # Of the day.
BACKUP_MS = 90 * MINUTE_MS
BACKUP_BASE_SHARE, BACKUP_SHARE = 0.55, 0.36
assert BACKUP_BASE_SHARE + BACKUP_SHARE < 0.95, "a backup comes near the capacity and never reaches it"


def volume_signals(spec: FleetSpec, place: int) -> Signals:
    """Signals of one volume."""
    rng = own_rng(spec, KIND, place)
    host = dict(host_labels(place % spec.hosts))["host"]
    labels = labels_at(place, volume=f"vol-{place + 1:02d}", host=host)
    capacity = float(rng.choice([100, 200, 500]) * GIB)
    share, full_ms = _share_used(rng, spec, place)
    signals = Signals()
    used = signals.add("volume_used_bytes", labels, np.floor(capacity * share))
    limit = signals.add("volume_capacity_bytes", labels, np.full(spec.steps, capacity))
    if full_ms is not None:
        signals.truth.exhaustions.append(Exhaustion(series_name(used), series_name(limit), full_ms, "filling", DISK))
    if place == BACKED_UP:
        signals.truth.decoys.append(Decoy(series_name(used), series_name(limit), "nightly_backup"))
    return signals


def _share_used(rng: np.random.Generator, spec: FleetSpec, place: int) -> tuple[FloatColumn, int | None]:
    """Share of the capacity that is used [steps], and when it is full, if ever."""
    times = spec.times_ms()
    if place == FILLING:
        full_ms = spec.end_ms + FULL_AFTER_END_MS
        return filling_share(rng, spec, full_ms), full_ms
    if place == CLEARED:
        full_ms = spec.at(FULL_WITHIN_AT)
        share = filling_share(rng, spec, full_ms)
        cleared = CLEARED_SHARE + 0.1 * _steady(rng, spec)
        return np.where(times < full_ms + FULL_FOR_MS, share, cleared), full_ms
    if place == BACKED_UP:
        return BACKUP_BASE_SHARE + 0.02 * _steady(rng, spec) + BACKUP_SHARE * _backup(times), None
    return rng.uniform(0.2, 0.6) + 0.05 * _steady(rng, spec), None


def filling_share(rng: np.random.Generator, spec: FleetSpec, full_ms: int, roughness: float = ROUGHNESS) -> FloatColumn:
    """Grows with the daily load, and is 1 from `full_ms` on: the growth is simulated up to there, then scaled.

    `roughness` is the standard deviation of the logarithm of what a step adds.
    """
    steps = max(spec.steps, (full_ms - spec.start_ms) // spec.step_ms + 1)
    times = spec.start_ms + np.arange(steps, dtype=np.int64) * spec.step_ms
    written = np.cumsum((0.4 + user_load(times)) * rng.lognormal(0.0, roughness, steps))
    full_step = (full_ms - spec.start_ms) // spec.step_ms
    start = rng.uniform(*FILL_FROM_SHARE)
    share = start + (1 - start) * written / written[full_step]
    return np.asarray(np.minimum(share, 1.0)[: spec.steps])


def _steady(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """Slow ups and downs within -1 and 1."""
    width = max(1, 4 * HOUR_MS // spec.step_ms)
    return np.asarray(np.tanh(smooth_noise(rng, spec.steps, width) / 2))


def _backup(times_ms: IntColumn) -> FloatColumn:
    """Between 0 and 1: rises while the backup is written, and is gone at its end."""
    since = (times_ms - BACKUP_AT_MS) % DAY_MS
    return np.where(since < BACKUP_MS, since / BACKUP_MS, 0.0)
