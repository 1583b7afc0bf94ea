"""Where there is nothing to fit: what batch models do with too few samples, or with samples that are all the same."""

import numpy as np

from load.backtest.baselines.contract import Subject
from load.backtest.baselines.naive import last_value
from load.backtest.baselines.refit import Fit
from models.arrays import Floats

SAMPLES_MIN = 12


def where_it_can(fit: Fit) -> Fit:
    """`fit`, with naive in its place where a model has no answer by its nature."""

    def fit_or_naive(values: Floats, subject: Subject) -> Floats:
        if len(values) < SAMPLES_MIN or np.ptp(values) == 0.0:
            return last_value(values, subject)
        return fit(values, subject)

    return fit_or_naive
