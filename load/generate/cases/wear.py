"""Machines that wear out and fail, and some that only look worn: the cases of hazards."""

from collections.abc import Callable

import numpy as np

from load.generate.cases.family import case_labels, case_rng, onsets
from load.generate.rules import BAD_SECTORS
from load.generate.signal import Signals, entity_text
from load.generate.spec import DAY_MS, HOUR_MS, FleetSpec
from load.generate.truth import Decoy, Incident
from load.recordings.table import FloatColumn
from streams.series import series_name

FAMILY = 11
KIND = "worn_out"
WEARS_MS = 2 * DAY_MS
"""From the first bad sector to the failure."""

REPAIR_MS = 12 * HOUR_MS
A_DAY = 12
"""So many times a day a machine that wears out has more bad sectors."""


def wear_signals(spec: FleetSpec, number: int) -> Signals:
    """One case of each kind: bad sectors of a disk, counted."""
    signals = Signals()
    _add_worn(signals, spec, number)
    for kind, (name, shape) in enumerate(DECOYS.items(), 1):
        rng = case_rng(spec, FAMILY, kind, number)
        key = signals.add(BAD_SECTORS, case_labels("host", name, number), shape(rng, spec))
        signals.truth.decoys.append(Decoy(series_name(key), None, name, "hazard"))
    return signals


def _add_worn(signals: Signals, spec: FleetSpec, number: int) -> None:
    """More and more bad sectors, then nothing, then another disk."""
    rng = case_rng(spec, FAMILY, 0, number)
    (onset,) = onsets(rng, spec, 1, 0.05, 0.3)
    fails = min(onset + WEARS_MS // spec.step_ms, spec.steps - 1)
    back = min(fails + REPAIR_MS // spec.step_ms, spec.steps)
    growing = rng.random(fails - onset) < A_DAY * spec.step_ms / DAY_MS
    growing[0] = True
    values = np.zeros(spec.steps)
    values[onset:fails] = np.cumsum(growing * rng.integers(2, 20, fails - onset))
    values[fails:back] = np.nan
    labels = case_labels("host", KIND, number)
    signals.add(BAD_SECTORS, labels, values)
    fails_ms, back_ms = (spec.start_ms + step * spec.step_ms for step in (fails, back))
    signals.truth.incidents.append(Incident(entity_text(labels), KIND, fails_ms, back_ms))


def _healthy(_rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    return np.zeros(spec.steps)


def _long_worn(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """Has had some for a long time, and no more of them."""
    return np.full(spec.steps, float(rng.integers(20, 60)))


def _bumped(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """A few at once, and then no more."""
    (onset,) = onsets(rng, spec, 1)
    return np.where(np.arange(spec.steps) >= onset, float(rng.integers(2, 5)), 0.0)


DECOYS: dict[str, Callable[[np.random.Generator, FleetSpec], FloatColumn]] = {
    "healthy_disk": _healthy,
    "long_worn": _long_worn,
    "bumped": _bumped,
}
