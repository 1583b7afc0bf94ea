"""Deciles of the usual distributions."""

from statistics import NormalDist

import numpy as np

from models.arrays import Floats
from streams.settings.forecast import DECILES

_NORMAL = np.array([NormalDist().inv_cdf(level) for level in DECILES])
_SIDE = np.sign(np.array(DECILES) - 0.5)
_INNER_SHARE = np.abs(2.0 * np.array(DECILES) - 1.0)


def normal_deciles(mean: Floats, deviation: Floats) -> Floats:
    """Of normal distributions; `mean` and `deviation` [horizon], result [horizon, deciles]."""
    return np.asarray(mean[:, None] + deviation[:, None] * _NORMAL)


def deciles_by_errors(point: Floats, errors: Floats) -> Floats:
    """A point forecast [horizon] as wide as its earlier absolute errors [forecasts, horizon] were, either way."""
    if not len(errors):
        return np.repeat(point[:, None], len(DECILES), axis=1)
    # q_tau = f +- (the |2 tau - 1| quantile of |e|)
    width = np.quantile(errors, _INNER_SHARE, axis=0).T
    return np.asarray(point[:, None] + _SIDE * width)
