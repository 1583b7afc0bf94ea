"""Recordings through the engine's banks: the n-th samples of all of them in one call."""

from collections.abc import Sequence

import numpy as np

from load.insights.anomaly.labelled import Labelled
from models.anomaly.bank import AnomalyBank
from models.arrays import Floats
from models.forecast.bank import ForecastBank

HORIZON = 48


def scores(recordings: Sequence[Labelled]) -> list[Floats]:
    """The score of every row of each recording; 0 where it was not taken."""
    found = [np.zeros(len(each.value)) for each in recordings]
    forecasts, bank = ForecastBank(HORIZON, np.array([0.1, 0.5, 0.9])), AnomalyBank()
    forecasts.reserve(len(recordings))
    bank.reserve(len(recordings))
    step_ms = np.array([each.step_ms for each in recordings])
    first = [(each.step[0], each.value[each.taken[0]]) for each in recordings]
    steps, values = zip(*first, strict=True)
    forecasts.start(np.arange(len(recordings)), step_ms, np.array(steps, np.int64), np.array(values, np.float64))
    for n in range(max(len(each.taken) for each in recordings)):
        slots = np.array([slot for slot, each in enumerate(recordings) if n < len(each.taken)])
        rows = [int(recordings[slot].taken[n]) for slot in slots.tolist()]
        step = np.array([recordings[slot].step[n] for slot in slots.tolist()])
        value = np.array([recordings[slot].value[row] for slot, row in zip(slots.tolist(), rows, strict=True)])
        learned = forecasts.update(slots, step, value)
        scored = bank.update(slots, step_ms[slots], value, learned.departures)
        for slot, row, score in zip(slots.tolist(), rows, scored.score.tolist(), strict=True):
            found[slot][row] = score
    return found
