"""Today goes as yesterday went: the limit is reached if yesterday's rise from this time of day on would reach it now.

    D_H = max of the level over (t - 24 h, t - 24 h + H] - level at t - 24 h
    P(T <= H) = Φ((D_H - a) / (√2 σ √H))

σ is the spread of a day's change, per √h, as the month has it; two days differ by √2 of it. So what comes every night
or every working day is expected, and is not mistaken for a growth. It speaks of horizons within a day.
"""

from math import sqrt

import numpy as np

from models.arrays import Bins, Floats
from models.capacity.horizons import HORIZONS, HOURS, WITHIN_DAY
from models.capacity.levels import LEVEL_H
from models.normal import ndtr

_DAY_BINS = round(24.0 / LEVEL_H)


def probabilities(bins: Bins, levels: Floats, gap: Floats, spread: Floats) -> Floats:
    """Probabilities to rise by `gap` within each of HOURS, shape (n, h); NaN where nothing is known.

    Parameters
    ----------
    bins, levels
        Shape (n, w): numbers and levels of the closed half hours of a day.
    gap, spread
        Shape (n,), > 0; spread of the month's drift, NaN where there is none.
    """
    since = bins - (bins[:, -1:] - _DAY_BINS)
    then = np.fmax.reduce(np.where(since == 0, levels, np.nan), axis=-1)
    p = np.full((len(gap), HORIZONS), np.nan)
    for place in range(WITHIN_DAY):
        hours = float(HOURS[place])
        within = (since > 0) & (since <= round(hours / LEVEL_H))
        rise = np.fmax.reduce(np.where(within, levels, np.nan), axis=-1) - then
        p[:, place] = ndtr((rise - gap) / (sqrt(2.0 * hours) * spread))
    return p
