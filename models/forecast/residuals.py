"""Quantiles of a series' own forecast errors: the last few of each anchor horizon are kept, and read empirically.

A window forgets a bad start or an old regime for good, after a known number of origins; a tracked quantile, tried
first, carried one absurd error for hundreds. Young windows lean on a Laplace distribution of the same mean size.
"""

import numpy as np

from models.arrays import Floats, Ints, Singles

WINDOW = 32
"""Errors kept per anchor."""
PRIOR_ERRORS = 2.0
"""Weight of the Laplace distribution, in errors."""


def laplace_quantiles(levels: Floats) -> Floats:
    """Quantiles at `levels` of the Laplace distribution whose mean absolute value is 1."""
    lower = np.log(2.0 * np.minimum(levels, 0.5))
    upper = -np.log(2.0 * (1.0 - np.maximum(levels, 0.5)))
    return np.asarray(lower + upper)


class WindowQuantiles:
    """Reads quantiles at `levels`, shape [q], from windows of errors.

    Where each level lies among n sorted errors is tabulated for n = 1..WINDOW, in row n - 1.
    """

    def __init__(self, levels: Floats) -> None:
        self.median = int(np.argmin(np.abs(levels - 0.5)))
        self.laplace = laplace_quantiles(levels)
        held = np.arange(1.0, WINDOW + 1.0)[:, None]
        # Place of the quantile among n sorted errors: tau (n + 1) - 1, held between the first and the last.
        place = np.minimum(np.maximum(levels * (held + 1.0) - 1.0, 0.0), held - 1.0)
        self._left = place.astype(np.int64)
        self._right = np.minimum(self._left + 1, held.astype(np.int64) - 1)
        self._share = place - self._left

    def read(self, errors: Singles, count: Ints) -> Floats:
        """Quantiles of each window.

        Parameters
        ----------
        errors
            The newest errors, in any order, shape (n, WINDOW); places not used yet hold 0.
        count
            Errors seen, shape (n,); min(count, WINDOW) of the places are used, the first ones; at least 1.

        Returns
        -------
        array
            Shape (n, q).
        """
        held = np.minimum(count, WINDOW)
        ordered = np.sort(np.where(np.arange(WINDOW) < held[:, None], errors, np.float32(np.inf)), axis=1)
        size = np.abs(errors).astype(np.float64).sum(axis=1) / held
        window = (WINDOW * np.arange(len(held)))[:, None]
        left = ordered.take(window + self._left[held - 1]).astype(np.float64)
        right = ordered.take(window + self._right[held - 1]).astype(np.float64)
        share = self._share[held - 1]
        empirical = (1.0 - share) * left + share * right
        # (n q + n0 A laplace) / (n + n0)
        prior = (PRIOR_ERRORS * size)[:, None] * self.laplace
        return np.asarray((held[:, None] * empirical + prior) / (held + PRIOR_ERRORS)[:, None])
