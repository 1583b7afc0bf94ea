"""The alert budget: the threshold of an incident is what ordinary days reach so many times, and no more.

Of every minute the largest score of all entities is counted. Two quantiles of the body of these counts, which incidents
hardly touch, fit a Gumbel distribution; its tail gives the threshold that ordinary minutes pass as often as the budget
says.
"""

from math import log

import numpy as np

from models.arrays import Floats

CELLS = 400
CELLS_PER_UNIT = 10
MEMORY_MINUTES = 1440
MINUTES_PER_DAY = 1440

LOWER, UPPER = 0.5, 0.75
PRIOR_MINUTES = 60.0
PRIOR_LOWER, PRIOR_UPPER = 2.0, 3.0
"""Before much is counted, the quantiles of an ordinary fleet. Thresholds are averaged, not counts: a mixture of a prior
and a calmer fleet has wide quantiles, though both have narrow ones."""


def fresh() -> Floats:
    """Counts before the first minute, of shape (CELLS,)."""
    return np.zeros(CELLS)


def count(counts: Floats, largest: float) -> None:
    """Add a minute; older ones fade."""
    counts *= 1.0 - 1.0 / MEMORY_MINUTES
    counts[_cell(largest)] += 1.0


def threshold(counts: Floats, per_day: float) -> float:
    """The score that ordinary minutes exceed `per_day` times a day."""
    minutes = float(counts.sum())
    prior = _tail(PRIOR_LOWER, PRIOR_UPPER, per_day)
    if minutes == 0.0:
        return prior
    own = _tail(_quantile(counts, LOWER), _quantile(counts, UPPER), per_day)
    # t = (60 t_prior + n t_own) / (60 + n)
    return (PRIOR_MINUTES * prior + minutes * own) / (PRIOR_MINUTES + minutes)


def _tail(lower: float, upper: float, per_day: float) -> float:
    """What a Gumbel distribution of these quantiles exceeds `per_day` times in a day's minutes."""
    # beta = (x_u - x_l) / (G(u) - G(l));  t = x_l + beta (G(1 - n/1440) - G(l));  G(q) = -log(-log q)
    spread = (upper - lower) / (_gumbel(UPPER) - _gumbel(LOWER))
    return lower + spread * (_gumbel(1.0 - per_day / MINUTES_PER_DAY) - _gumbel(LOWER))


def _gumbel(quantile: float) -> float:
    return -log(-log(quantile))


def _cell(value: float) -> int:
    return int(min(max(value, 0.0) * CELLS_PER_UNIT, CELLS - 1))


def _quantile(counts: Floats, quantile: float) -> float:
    """Read between the cells' upper ends."""
    below = np.cumsum(counts)
    ends = np.arange(1, CELLS + 1) / CELLS_PER_UNIT
    return float(np.interp(quantile * below[-1], below, ends))
