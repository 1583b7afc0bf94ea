"""Services that spend an error budget, fast and slowly, and some that only seem to: the cases of objectives."""

from collections.abc import Callable

import numpy as np

from load.generate.cases.family import case_labels, case_rng, onsets
from load.generate.rules import AVAILABLE, BAD_CALLS, CALLS
from load.generate.shapes import counter, user_load
from load.generate.signal import Signals, entity_text
from load.generate.spec import DAY_MS, HOUR_MS, FleetSpec
from load.generate.truth import Burn, Decoy
from load.recordings.table import FloatColumn
from streams.series import series_name

FAMILY = 10
USUAL = 0.001
"""Share of the calls that fail; of a target of 99 % a tenth of what is allowed."""

FAST, FAST_MS = 0.4, 2 * HOUR_MS
SLOW, SLOW_MS = 0.03, 3 * DAY_MS
STEADY = 0.006
"""Below what is allowed: it goes on for ever."""
BLIP = 0.5
"""Of one step's calls: gone before it is worth waking anybody."""


def budget_signals(spec: FleetSpec, number: int) -> Signals:
    """One case of each kind: counters of all calls and of those that failed."""
    signals = Signals()
    for kind, (name, (share, length_ms)) in enumerate(
        {"burns_fast": (FAST, FAST_MS), "burns_slow": (SLOW, SLOW_MS)}.items()
    ):
        rng = case_rng(spec, FAMILY, kind, number)
        (onset,) = onsets(rng, spec, 1, 0.05, 0.3)
        end = min(onset + length_ms // spec.step_ms, spec.steps)
        failing = np.full(spec.steps, USUAL)
        failing[onset:end] = share
        entity = _add(rng, signals, spec, (name, number), failing)
        start_ms, end_ms = (spec.start_ms + step * spec.step_ms for step in (onset, end))
        signals.truth.burns.append(Burn(entity, AVAILABLE, name, start_ms, end_ms))
    for kind, (name, shape) in enumerate(DECOYS.items(), 2):
        rng = case_rng(spec, FAMILY, kind, number)
        _add(rng, signals, spec, (name, number), shape(rng, spec))
        signals.truth.decoys.append(Decoy(series_name(signals.series[-1]), None, name, "objective"))
    return signals


def _add(
    rng: np.random.Generator, signals: Signals, spec: FleetSpec, named: tuple[str, int], failing: FloatColumn
) -> str:
    """Counters of a service of which such shares fail [steps]; gives the entity."""
    labels, never = case_labels("service", *named), np.zeros(0, np.int64)
    calls = rng.poisson(rng.uniform(20, 200) * user_load(spec.times_ms()) * spec.step_ms / 1000)
    signals.add(CALLS, labels, counter(calls.astype(np.float64), never))
    signals.add(BAD_CALLS, labels, counter(rng.binomial(calls, failing).astype(np.float64), never))
    return entity_text(labels)


def _steady(_rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    return np.full(spec.steps, STEADY)


def _blips(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    failing = np.full(spec.steps, USUAL)
    failing[list(onsets(rng, spec, 3))] = BLIP
    return failing


DECOYS: dict[str, Callable[[np.random.Generator, FleetSpec], FloatColumn]] = {"steady_errors": _steady, "blips": _blips}
