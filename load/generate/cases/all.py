"""All cases: things that do one thing each, which the truth can say is to be foretold, found, or passed over."""

import numpy as np

from load.generate.cases.budgets import budget_signals
from load.generate.cases.cascades import cascade_signals
from load.generate.cases.gauges import gauge_signals
from load.generate.cases.growth import growth_signals
from load.generate.cases.objectives import objective_signals
from load.generate.cases.wear import wear_signals
from load.generate.signal import Signals
from load.generate.spec import FleetSpec
from load.recordings.table import FloatColumn

FAMILIES = (growth_signals, gauge_signals, objective_signals, cascade_signals, budget_signals, wear_signals)

LOST_FAMILY = 9
LOST_SHARE = 0.0005  # Of all samples, as in the rest of the fleet.


def case_signals(spec: FleetSpec) -> Signals:
    """So many cases of each kind as the spec says."""
    signals = Signals()
    for number in range(spec.cases):
        for of_family in FAMILIES:
            signals.extend(of_family(spec, number))
    return signals


def lose_samples(spec: FleetSpec, matrix: FloatColumn) -> None:
    """Single samples of the cases, `matrix` [steps, series], never arrive."""
    rng = np.random.default_rng([spec.seed, LOST_FAMILY])
    matrix[rng.random(matrix.shape) < LOST_SHARE] = np.nan
