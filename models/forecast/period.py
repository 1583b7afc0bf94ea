"""Finding a period that no clock suggests: a cron job every seven minutes.

The autocorrelation of the newest steps at every lag is looked at, missing ones left out (Box, Jenkins & Reinsel, *Time
Series Analysis*, section 2.1.5):

    r(k) = mean of x[t] x[t-k] over pairs that are both present / mean of x[t]^2,  x less its mean

A period is a lag where r has a peak of at least 0.5; of several, the shortest whose peak is nearly the highest, for the
multiples of a period are as good as itself.
"""

import numpy as np

from models.arrays import Flags, Floats, Ints, Singles

LAG_MIN, LAG_MAX = 2, 42
"""Three cycles of the longest lag fit into 128 steps."""
CORRELATION_MIN = 0.5
NEARLY = 0.9
PAIRS_MIN = 24
"""Of present steps at a lag; fewer tell nothing."""


def find_period(steps: Singles) -> Ints:
    """The period of each row.

    Parameters
    ----------
    steps
        Values of consecutive steps, shape (n, width), NaN where one is missing; relative to something near them.

    Returns
    -------
    array
        Steps, shape (n,); 0 where no period is found.
    """
    present = ~np.isnan(steps)
    counted = np.maximum(np.count_nonzero(present, axis=1), 1)
    value = np.where(present, steps, np.float32(0)).astype(np.float64)
    x = np.where(present, value - (value.sum(axis=1) / counted)[:, None], 0.0)
    power = (x * x).sum(axis=1) / counted
    varies = power > 0
    correlation = np.stack([_correlation(x, present, lag) for lag in range(LAG_MIN - 1, LAG_MAX + 2)], axis=1)
    correlation /= np.where(varies, power, 1.0)[:, None]
    here = correlation[:, 1:-1]
    peak = (here > correlation[:, :-2]) & (here >= correlation[:, 2:]) & (here >= CORRELATION_MIN) & varies[:, None]
    height = np.where(peak, here, -np.inf)
    best = height.max(axis=1)
    first = np.argmax(peak & (height >= NEARLY * best[:, None]), axis=1)
    return np.where(peak.any(axis=1), first + LAG_MIN, 0)


def _correlation(x: Floats, present: Flags, lag: int) -> Floats:
    """Mean product of pairs `lag` apart, (n,); 0 where they are too few."""
    pairs = np.count_nonzero(present[:, lag:] & present[:, :-lag], axis=1)
    # The product is laid out anew, that the sum of a row does not depend on how the rows lie.
    product = np.ascontiguousarray(x[:, lag:] * x[:, :-lag]).sum(axis=1)
    return np.where(pairs >= PAIRS_MIN, product / np.maximum(pairs, 1), 0.0)
