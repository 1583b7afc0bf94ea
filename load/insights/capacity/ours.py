"""Our own predictions: the capacity bank, fed sample by sample as a pipeline feeds it."""

from collections.abc import Sequence

import numpy as np

from load.insights.capacity.cases import HOURS, Case
from load.insights.capacity.rivals import Predicted
from models.capacity import horizons
from models.capacity.bank import CapacityBank

_PLACES = [horizons.HOURS.tolist().index(hours) for hours in HOURS]
_MEDIAN = 1


def predict_all(cases: Sequence[Case]) -> list[Predicted]:
    """What the bank predicts for each case: a slot each, fed the n-th samples of all of them together."""
    bank, every = CapacityBank(len(cases)), np.arange(len(cases))
    bank.reset(every, np.ones(len(cases), np.int8))
    limits = np.array([case.limit for case in cases])
    lengths = np.array([len(case.track.value) for case in cases])
    made = [Predicted(np.ones((len(case.instants), len(HOURS))), np.zeros(len(case.instants))) for case in cases]
    due = _due(cases)
    for n in range(int(lengths.max())):
        slots = every[lengths > n]
        time_ms = np.array([cases[slot].track.time_ms[n] for slot in slots.tolist()])
        value = np.array([cases[slot].track.value[n] for slot in slots.tolist()])
        bank.update(slots, time_ms, value, limits[slots])
        if n in due:
            asked, rows = np.array(due[n]).T
            said = bank.predict(asked, limits[asked])
            for answer in np.flatnonzero(said.ready).tolist():
                of, row = made[asked[answer]], rows[answer]
                of.p[row], of.eta_h[row] = said.within[answer, _PLACES], said.eta_h[answer, _MEDIAN]
    return made


def _due(cases: Sequence[Case]) -> dict[int, list[tuple[int, int]]]:
    """Which cases are asked, for which of their instants, after which sample."""
    due: dict[int, list[tuple[int, int]]] = {}
    for number, case in enumerate(cases):
        after = np.searchsorted(case.track.place, case.instants, side="right") - 1
        for row, n in enumerate(after.tolist()):
            due.setdefault(n, []).append((number, row))
    return due
