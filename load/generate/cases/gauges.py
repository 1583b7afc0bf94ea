"""Gauges with one kind of anomaly each, and gauges that only look odd: the cases of anomaly detection."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from load.generate.cases.family import case_labels, case_rng, onsets, steady
from load.generate.shapes import user_load
from load.generate.signal import Signals
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS, FleetSpec
from load.generate.truth import Anomaly, Decoy, Deploy
from load.recordings.table import FloatColumn
from streams.series import series_name

FAMILY = 6
METRIC = "queue_length"

DAILY, NOISE = 0.4, 0.04
"""Of the level: how much a day swings, and the noise on it."""

CADENCE_STEPS = 3


class Change(NamedTuple):
    """How a kind changes values [steps] of unit level from a step on, for how long, and how often in the span."""

    make: Callable[[np.random.Generator, FloatColumn], FloatColumn]
    length_ms: int
    times: int
    stays: bool = False


def _spike(rng: np.random.Generator, values: FloatColumn) -> FloatColumn:
    return values + rng.uniform(0.8, 1.5)


def _dip(_rng: np.random.Generator, values: FloatColumn) -> FloatColumn:
    return 0.1 * values


def _shift(rng: np.random.Generator, values: FloatColumn) -> FloatColumn:
    return values + rng.uniform(0.6, 1.0)


def _variance(rng: np.random.Generator, values: FloatColumn) -> FloatColumn:
    return np.maximum(values + 7 * NOISE * rng.standard_normal(len(values)), 0.0)


def _flat(_rng: np.random.Generator, values: FloatColumn) -> FloatColumn:
    return np.full(len(values), values[0])


def _stopped(_rng: np.random.Generator, values: FloatColumn) -> FloatColumn:
    return np.full(len(values), np.nan)


def _cadence(_rng: np.random.Generator, values: FloatColumn) -> FloatColumn:
    return np.where(np.arange(len(values)) % CADENCE_STEPS == 0, values, np.nan)


def _opposite(_rng: np.random.Generator, values: FloatColumn) -> FloatColumn:
    """As high as it is low at this time of day, and the other way round: within its range at the wrong time."""
    return np.maximum(2.0 - values, 0.0)


ANOMALIES: dict[str, Change] = {
    "spike": Change(_spike, 30 * MINUTE_MS, 3),
    "dip": Change(_dip, HOUR_MS, 3),
    "out_of_hours": Change(_opposite, 2 * HOUR_MS, 3),
    "level_shift": Change(_shift, DAY_MS, 1, stays=True),
    "variance": Change(_variance, 8 * HOUR_MS, 2),
    "flat_line": Change(_flat, 8 * HOUR_MS, 2),
    "stopped": Change(_stopped, 8 * HOUR_MS, 2),
    "cadence": Change(_cadence, DAY_MS, 1, stays=True),
}


def gauge_signals(spec: FleetSpec, number: int) -> Signals:
    """One case of each kind."""
    signals = Signals()
    for kind, (name, change) in enumerate(ANOMALIES.items()):
        _add_anomalous(signals, spec, case_rng(spec, FAMILY, kind, number), (name, change), number)
    for kind, (name, shape) in enumerate(DECOYS.items(), len(ANOMALIES)):
        rng = case_rng(spec, FAMILY, kind, number)
        key = signals.add(METRIC, case_labels("host", name, number), _unit(rng) * shape(rng, spec))
        signals.truth.decoys.append(Decoy(series_name(key), None, name, "anomaly"))
    _add_deploy_step(signals, spec, case_rng(spec, FAMILY, len(ANOMALIES) + len(DECOYS), number), number)
    return signals


def _add_anomalous(
    signals: Signals, spec: FleetSpec, rng: np.random.Generator, named: tuple[str, Change], number: int
) -> None:
    (name, change), values = named, _usual(rng, spec)
    spans = []
    for onset in onsets(rng, spec, change.times):
        end = onset + max(1, change.length_ms // spec.step_ms)
        part = slice(onset, None if change.stays else end)
        values[part] = change.make(rng, values[part])
        spans.append((onset, min(end, spec.steps)))
    key = signals.add(METRIC, case_labels("host", name, number), _unit(rng) * values)
    instants = [(spec.start_ms + onset * spec.step_ms, spec.start_ms + end * spec.step_ms) for onset, end in spans]
    signals.truth.anomalies.extend([Anomaly(series_name(key), name, *span) for span in instants])


def _unit(rng: np.random.Generator) -> float:
    """Series have any scale."""
    return float(10 ** rng.uniform(-3, 6))


def _usual(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    angle = 2 * np.pi * (spec.times_ms() % DAY_MS) / DAY_MS
    daily = 1 + DAILY * np.cos(angle - rng.uniform(0, 2 * np.pi))
    return np.asarray(daily * (1 + NOISE * rng.standard_normal(spec.steps)) + steady(rng, spec, 0.02))


def _weekend_dip(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    return np.asarray(user_load(spec.times_ms()) ** 2 * (1 + NOISE * rng.standard_normal(spec.steps)))


def _gc_sawtooth(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    phase = np.arange(spec.steps) * spec.step_ms / (rng.uniform(2, 5) * HOUR_MS) + rng.uniform()
    return np.asarray(0.5 + phase % 1.0 + 0.01 * rng.standard_normal(spec.steps))


def _cron_spike(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    since = (spec.times_ms() - int(rng.uniform(0, 23) * HOUR_MS)) % DAY_MS
    return _usual(rng, spec) + np.where(since < 20 * MINUTE_MS, 2.0, 0.0)


def _constant(_rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    return np.ones(spec.steps)


def _sparse(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    return rng.poisson(0.03, spec.steps).astype(np.float64)


def _steps(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """A few levels, changed every few hours, as a scheduler does."""
    held = max(1, 3 * HOUR_MS // spec.step_ms)
    return np.repeat(rng.integers(2, 6, spec.steps // held + 1), held)[: spec.steps].astype(np.float64)


DECOYS: dict[str, Callable[[np.random.Generator, FleetSpec], FloatColumn]] = {
    "usual": _usual,
    "weekend_dip": _weekend_dip,
    "gc_sawtooth": _gc_sawtooth,
    "cron_spike": _cron_spike,
    "constant": _constant,
    "sparse": _sparse,
    "steps": _steps,
}


def _add_deploy_step(signals: Signals, spec: FleetSpec, rng: np.random.Generator, number: int) -> None:
    """A new level that comes with a deploy, which somebody tells of."""
    name, values = "deploy_step", _usual(rng, spec)
    (onset,) = onsets(rng, spec, 1)
    values[onset:] += 0.5
    labels = case_labels("host", name, number)
    key = signals.add(METRIC, labels, _unit(rng) * values)
    at_ms = spec.start_ms + onset * spec.step_ms
    host = dict(labels)["host"]
    signals.truth.deploys.append(Deploy(f"{name}-{number + 1}", at_ms, at_ms + HOUR_MS, {"host": host}))
    signals.truth.decoys.append(Decoy(series_name(key), None, name, "anomaly"))
