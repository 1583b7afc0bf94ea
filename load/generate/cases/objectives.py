"""Error rates that break their objective, with warning and without, and some that never do: the cases of failure."""

import numpy as np

from load.generate.cases.family import case_labels, case_rng
from load.generate.rules import ERRORS_ABOVE
from load.generate.shapes import pulse
from load.generate.signal import Signals
from load.generate.spec import HOUR_MS, MINUTE_MS, FleetSpec
from load.generate.truth import Decoy
from load.recordings.table import FloatColumn
from streams.series import series_name

FAMILY = 7
METRIC = "error_rate"
USUAL = 0.005
EVERY_MS = (10 * HOUR_MS, 20 * HOUR_MS)
LASTS_MS = (30 * MINUTE_MS, 60 * MINUTE_MS)
CREEPS_MS = 2 * HOUR_MS


def objective_signals(spec: FleetSpec, number: int) -> Signals:
    """One case of each kind; when rules are broken is read off the values later (`load.generate.broken`)."""
    signals = Signals()
    kinds = {"suddenly": _suddenly, "creeping": _creeping, "flickering": _flickering, "just_below": _just_below}
    for kind, (name, shape) in enumerate(kinds.items()):
        rng = case_rng(spec, FAMILY, kind, number)
        rate = np.clip(shape(rng, spec) * rng.lognormal(0.0, 0.15, spec.steps), 0.0, 1.0)
        if name in ("flickering", "just_below"):
            key = signals.add(METRIC, case_labels("service", name, number), rate)
            signals.truth.decoys.append(Decoy(series_name(key), None, name, "failure"))
        else:
            signals.add(METRIC, case_labels("service", name, number), rate)
    return signals


def _suddenly(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """Bursts that nothing announces: their frequency is all that can be known."""
    return USUAL + 0.2 * _bursts(rng, spec, MINUTE_MS)


def _creeping(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """Bursts that build up over two hours."""
    return USUAL + 0.2 * _bursts(rng, spec, CREEPS_MS)


def _flickering(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """Often beyond the threshold, for one sample at a time."""
    alone = rng.random(spec.steps) < 0.05
    alone[1:] &= ~alone[:-1]
    return np.where(alone, 2 * ERRORS_ABOVE, USUAL)


def _just_below(rng: np.random.Generator, spec: FleetSpec) -> FloatColumn:
    """Bursts that stay below the threshold."""
    return USUAL + 0.4 * ERRORS_ABOVE * _bursts(rng, spec, HOUR_MS)


def _bursts(rng: np.random.Generator, spec: FleetSpec, ramp_ms: int) -> FloatColumn:
    """0, and 1 in bursts [steps], with a ramp before each."""
    times, height, at_ms = spec.times_ms(), np.zeros(spec.steps), spec.start_ms
    while at_ms < spec.end_ms:
        at_ms += int(rng.uniform(*EVERY_MS))
        end_ms = at_ms + int(rng.uniform(*LASTS_MS))
        rising = pulse(times, at_ms - ramp_ms, end_ms + ramp_ms, ramp_ms)
        height = np.maximum(height, np.where(times < end_ms, rising, 0.0))
        at_ms = end_ms + ramp_ms
    return height
