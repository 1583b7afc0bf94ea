"""What the experts say together: probabilities, and times that agree with them.

    p_H = Σ w_e p_e,   then p_1 <= p_6 <= ... by the highest so far

The time quantiles are those of one distribution, which has the mixture's probability between two horizons, and within
it the shape of a first passage: the walk is the best judge of when, the mixture of whether. So the median lies within
24 h if and only if p_24 >= 1/2, and a quantile that the last horizon's probability does not come up to is infinite.

Its drift is the one of the whole day, not the slowed one that says whether: what gets there got there by going on. With
the slowed one the median's error was 0.19 and 0.29 at 6 h and 24 h on servers that age, where it is 0.17 and 0.23.
"""

import numpy as np

from models.arrays import Floats
from models.capacity.drift import Drift
from models.capacity.horizons import HORIZONS, HOURS, WITHIN_DAY
from models.capacity.passage import times_between

QUANTILES = np.array([0.1, 0.5, 0.9])

_EDGES_H = np.concatenate([[0.0], HOURS])


def mix(experts: Floats, weights: Floats) -> Floats:
    """Probabilities within each of HOURS, shape (n, h), from (n, h, e) both."""
    mixed = np.zeros(experts.shape[:2])
    for e in range(experts.shape[-1]):
        mixed += weights[..., e] * experts[..., e]
    return np.asarray(np.minimum(np.maximum.accumulate(mixed, axis=-1), 1.0))


def times(within: Floats, gap: Floats, day: Drift, month: Drift) -> Floats:
    """Hours to the limit at QUANTILES, shape (n, 3); infinite where it is not reached so surely within the horizon.

    Parameters
    ----------
    within
        Shape (n, h): the mixture's probabilities.
    gap
        Shape (n,), > 0.
    day, month
        The walk within a day, and beyond it.
    """
    bracket = np.count_nonzero(within[:, None, :] < QUANTILES[:, None], axis=-1)
    eta = np.full(bracket.shape, np.inf)
    rows, places = np.nonzero(bracket < HORIZONS)
    upper = bracket[rows, places]
    above, below = within[rows, upper], np.where(upper > 0, within[rows, upper - 1], 0.0)
    drift = np.where(upper < WITHIN_DAY, day.per_h[rows], month.per_h[rows])
    spread = np.where(upper < WITHIN_DAY, day.spread[rows], month.spread[rows])
    share = (QUANTILES[places] - below) / (above - below)
    eta[rows, places] = times_between(gap[rows], drift, spread, _EDGES_H[upper], _EDGES_H[upper + 1], share)
    return eta
