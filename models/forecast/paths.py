"""Paths: how likely a series goes past a threshold for some steps in a row, by its forecast.

A forecast is marginal: a distribution for each step, and nothing of how the steps hang together. Its quantiles are read
here as paths, one for each level τ, which has the quantile q_τ(h) at every step h: a series that runs high runs high
all the way. Then the probability of being past the threshold for m steps in a row, the last of them within H, is

    P = max over m <= h <= H of min over h - m < j <= h of P(X_j > threshold)

and steps that it has been past the threshold count for those before the first. Beyond the outer quantiles a
distribution falls off as a Laplace distribution about its median does. How far such paths are to be believed is for
their record to say: those who use them weigh them by it.
"""

from collections.abc import Sequence

import numpy as np

from models import sliding
from models.arrays import Floats, Ints


def within(
    quantiles: Floats,
    levels: Floats,
    anchors: Ints,
    threshold: Floats,
    direction: int,
    steps: int,
    so_far: Ints,
    reach: Sequence[int],
) -> Floats:
    """How likely n series are past a threshold for some steps in a row within so many, shape [n, len(reach)].

    Parameters
    ----------
    quantiles
        Forecasts at the anchors, shape (n, a, q), at ascending levels.
    anchors
        Steps ahead, ascending, the first of them 1.
    threshold
        Shape (n,).
    direction
        +1 if past it is above, -1 if it is below.
    steps
        How many in a row, at least 1.
    so_far
        Steps that the series have been past it, up to now; shape (n,).
    reach
        Steps within which; NaN where that is less than one, or more than the last anchor.
    """
    answers = np.full((len(quantiles), len(reach)), np.nan)
    told = [k for k, ahead in enumerate(reach) if 1 <= ahead <= anchors[-1]]
    if told:
        farthest = max([reach[k] for k in told])
        past = (above if direction > 0 else below)(quantiles, levels, threshold)
        ended = in_a_row(each_step(past, anchors, farthest), steps, so_far)
        for k in told:
            answers[:, k] = ended[:, reach[k] - 1]
    return answers


def above(quantiles: Floats, levels: Floats, threshold: Floats) -> Floats:
    """P(X > threshold), shape (n, k), from quantiles (n, k, q) at ascending levels and thresholds (n,).

    Quantiles that agree are one value with all the probability between them.
    """
    x = threshold[:, None]
    right = np.count_nonzero(quantiles <= x[..., None], axis=-1)
    inner = np.minimum(np.maximum(right, 1), len(levels) - 1)
    low, high = (np.take_along_axis(quantiles, (inner - side)[..., None], axis=-1)[..., 0] for side in (1, 0))
    below, step = levels[inner - 1], levels[inner] - levels[inner - 1]
    # Where x is outside all quantiles this is not read.
    share = np.clip(x - low, 0.0, high - low) / np.where(high > low, high - low, 1.0)
    median = quantiles[..., int(np.argmin(np.abs(levels - 0.5)))]
    first, last = quantiles[..., 0], quantiles[..., -1]
    lower = 1.0 - levels[0] * _tail(first - x, median - first, levels[0])
    upper = (1.0 - levels[-1]) * _tail(x - last, last - median, 1.0 - levels[-1])
    between = 1.0 - (below + share * step)
    return np.asarray(np.where(right == 0, lower, np.where(right == len(levels), upper, between)))


def below(quantiles: Floats, levels: Floats, threshold: Floats) -> Floats:
    """P(X < threshold), alike."""
    return above(-quantiles[..., ::-1], 1.0 - levels[::-1], -threshold)


def _tail(distance: Floats, spread: Floats, mass: float) -> Floats:
    """What is left of the mass beyond an outer quantile, so far past it; `spread` is its own from the median."""
    # exp(-d / b), with b such that the mass is right at the spread: ½ exp(-spread / b) = mass
    known = spread > 0.0
    rate = np.log(0.5 / mass) / np.where(known, spread, 1.0)
    return np.where(known, np.exp(-rate * np.maximum(distance, 0.0)), 0.0)


def each_step(at_anchors: Floats, anchors: Ints, steps: int) -> Floats:
    """Probabilities at steps 1..steps, shape (n, steps), from those at ascending anchors, the first of them 1."""
    step = np.arange(1, steps + 1)
    right = np.minimum(np.searchsorted(anchors, step), len(anchors) - 1)
    left = np.maximum(right - 1, 0)
    share = np.clip((step - anchors[left]) / np.maximum(anchors[right] - anchors[left], 1), 0.0, 1.0)
    return np.asarray((1.0 - share) * at_anchors[:, left] + share * at_anchors[:, right])


def in_a_row(past: Floats, steps: int, so_far: Ints) -> Floats:
    """How likely that many steps in a row are past the threshold by each step, shape (n, s), ascending.

    Parameters
    ----------
    past
        Probability that step 1..s is, shape (n, s).
    steps
        How many make a row, at least 1.
    so_far
        Steps that are past it already, up to now; shape (n,).
    """
    width = past.shape[1]
    ended = np.zeros_like(past)
    if steps <= width:
        ended[:, steps - 1 :] = sliding.minima(past, steps)
    begun = min(steps - 1, width)
    # A row that ends at step h < m began m - h steps ago.
    reaches = so_far[:, None] + np.arange(1, begun + 1) >= steps
    ended[:, :begun] = np.where(reaches, np.minimum.accumulate(past[:, :begun], axis=1), 0.0)
    return np.maximum.accumulate(ended, axis=1)
