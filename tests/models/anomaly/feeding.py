"""Samples of one series through both banks, and what they are said to be."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.anomaly.bank import AnomalyBank
from models.arrays import Floats
from models.forecast.bank import ForecastBank

MINUTE_MS = 60_000
FIRST_STEP = 28_000_000
SLOT = np.array([0])


class Heard(NamedTuple):
    """Of each sample: score and height; and the bank that gave them."""

    score: Floats
    height: Floats
    bank: AnomalyBank


def one_series(values: Sequence[float] | Floats, step_ms: int = 5 * MINUTE_MS) -> Heard:
    """A bank that learned one series in slot 0, from FIRST_STEP on."""
    forecasts, bank, heard = ForecastBank(24, np.array([0.1, 0.5, 0.9])), AnomalyBank(), []
    width = np.array([step_ms])
    forecasts.start(SLOT, width, np.array([FIRST_STEP]), np.array([values[0]], np.float64))
    for n, value in enumerate(values):
        sample = np.array([value], np.float64)
        departures = forecasts.update(SLOT, np.array([FIRST_STEP + n]), sample).departures
        heard.append(bank.update(SLOT, width, sample, departures))
    return Heard(np.concatenate([each.score for each in heard]), np.concatenate([each.height for each in heard]), bank)
