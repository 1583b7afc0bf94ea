"""Our own predictions: the capacity bank, fed sample by sample as a pipeline feeds it, beside a bank of forecasts."""

from collections.abc import Sequence

import numpy as np

from load.insights.capacity.cases import HOURS, Case
from load.insights.capacity.rivals import Predicted
from models.arrays import Floats, Ints
from models.capacity import horizons
from models.capacity.bank import CapacityBank
from models.capacity.levels import REACHES_MS
from models.forecast.bank import ForecastBank
from streams.pipeline.paths import Passing, Paths
from streams.settings.forecast import DECILES

_PLACES = [horizons.HOURS.tolist().index(hours) for hours in HOURS]
_MEDIAN = 1


def predict_all(cases: Sequence[Case], horizon_steps: int) -> list[Predicted]:
    """What the bank predicts for each case: a slot each, fed the n-th samples of all of them together."""
    bank, every = CapacityBank(len(cases)), np.arange(len(cases))
    bank.reset(every, np.ones(len(cases), np.int8))
    limits = np.array([case.limit for case in cases])
    forecasts = _Forecasts(cases, limits, horizon_steps)
    lengths = np.array([len(case.track.value) for case in cases])
    made = [Predicted(np.ones((len(case.instants), len(HOURS))), np.zeros(len(case.instants))) for case in cases]
    due = _due(cases)
    for n in range(int(lengths.max())):
        slots = every[lengths > n]
        time_ms = np.array([cases[slot].track.time_ms[n] for slot in slots.tolist()])
        value = np.array([cases[slot].track.value[n] for slot in slots.tolist()])
        forecasts.update(slots, time_ms, value)
        looking = slots[bank.update(slots, time_ms, value, limits[slots])]
        bank.look(looking, limits[looking], forecasts.reaching(looking))
        if n in due:
            asked, rows = np.array(due[n]).T
            said = bank.predict(asked, limits[asked], forecasts.reaching(asked))
            for answer in np.flatnonzero(said.ready).tolist():
                of, row = made[asked[answer]], rows[answer]
                of.p[row], of.eta_h[row] = said.within[answer, _PLACES], said.eta_h[answer, _MEDIAN]
    return made


class _Forecasts:
    """Forecasts of the cases' series, and how likely they reach the limits."""

    def __init__(self, cases: Sequence[Case], limits: Floats, horizon_steps: int) -> None:
        self._limits = limits
        self._step_ms = np.array([case.track.step_ms for case in cases])
        self._bank = ForecastBank(horizon_steps, np.array(DECILES))
        self._bank.reserve(len(cases))
        self._paths = Paths(self._bank, {"step_ms": self._step_ms})

    def update(self, slots: Ints, time_ms: Ints, value: Floats) -> None:
        """Learn one sample each; a second one of a step is passed over."""
        step = time_ms // self._step_ms[slots]
        new = self._bank.arrays["count"][slots] == 0
        self._bank.start(slots[new], self._step_ms[slots[new]], step[new], value[new])
        later = step > self._bank.arrays["last_step"][slots]
        self._bank.update(slots[later], step[later], value[later])

    def reaching(self, slots: Ints) -> Floats:
        """Probabilities within each horizon of the bank, (n, horizons)."""
        passing = Passing(self._limits[slots], 1, REACHES_MS, np.zeros_like(slots))
        return self._paths.within(slots, passing, horizons.WITHIN_MS)


def _due(cases: Sequence[Case]) -> dict[int, list[tuple[int, int]]]:
    """Which cases are asked, for which of their instants, after which sample."""
    due: dict[int, list[tuple[int, int]]] = {}
    for number, case in enumerate(cases):
        after = np.searchsorted(case.track.place, case.instants, side="right") - 1
        for row, n in enumerate(after.tolist()):
            due.setdefault(n, []).append((number, row))
    return due
