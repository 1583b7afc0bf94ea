"""What a hazard's score is worth: a probability, by counts of a fleet, and a threshold, by how high scores go there.

The score is cut into bins. Before anything is counted the probability is the prior's, in odds:

    logit p(s) = logit p₀ + s

Counts move it twice: its intercept, until as many failures are expected as came; then each bin to its own frequency,
with the weight of one failure for the former, and never so that a higher score is less likely to fail.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.arrays import Counts, Floats

BIN_WIDTH = 0.5
BINS = 24
"""The first is of scores up to 0, the last of all above 11."""

_BISECTIONS = 60
_INTERCEPT_MAX = 40.0


class FleetCounts(NamedTuple):
    """What was counted in a fleet."""

    looks: Counts  # settled looks by score, (BINS,)
    hits: Counts  # those that a failure followed
    maxima: Floats  # quantiles, at equal steps from 0 to 1, of the highest score of each entity


class Calibration(NamedTuple):
    """What a score is worth."""

    p: Floats  # of each bin of the score, (BINS,), ascending
    base: float  # of any entity
    threshold: float | None  # scores above it stand out; None where no fleet was counted
    is_prior: bool  # no failure was counted


def bins_of(score: Floats) -> npt.NDArray[np.int8]:
    """The bin of each score."""
    return np.clip(np.ceil(score / BIN_WIDTH), 0, BINS - 1).astype(np.int8)


def calibrated(prior: float, counts: FleetCounts | None, flag_budget: float) -> Calibration:
    """The calibration that these counts lead to.

    Parameters
    ----------
    prior
        p₀: how likely an entity without any sign is to fail.
    flag_budget
        The share of a fleet's entities whose score may ever stand out.
    """
    if counts is None:
        return Calibration(_odds(prior, 0.0), prior, None, is_prior=True)
    threshold = float(np.quantile(counts.maxima, 1.0 - flag_budget)) if len(counts.maxima) else None
    looks, hits = counts.looks.astype(np.float64), counts.hits.astype(np.float64)
    if not hits.sum():
        return Calibration(_odds(prior, 0.0), prior, threshold, is_prior=True)
    expected = _odds(prior, _intercept(prior, looks, hits))
    # p = (hits + 1) / (looks + 1/p)
    p = (hits + 1.0) / (looks + 1.0 / expected)
    return Calibration(_ascending(p, looks + 1.0 / expected), hits.sum() / looks.sum(), threshold, is_prior=False)


def _odds(prior: float, intercept: float) -> Floats:
    """p of each bin, from the middle of its scores; of the first from 0."""
    score = np.concatenate(([0.0], BIN_WIDTH * (np.arange(1, BINS) - 0.5)))
    odds = prior / (1.0 - prior) * np.exp(score + intercept)
    p: Floats = odds / (1.0 + odds)
    return p


def _intercept(prior: float, looks: Floats, hits: Floats) -> float:
    """The shift of all log odds with which as many failures are expected as came, by bisection."""
    low, high = -_INTERCEPT_MAX, _INTERCEPT_MAX
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        too_many = float((looks * _odds(prior, middle)).sum()) > float(hits.sum())
        low, high = (low, middle) if too_many else (middle, high)
    return 0.5 * (low + high)


def _ascending(p: Floats, weight: Floats) -> Floats:
    """The nearest p that never falls, by pooling adjacent violators (Ayer et al. 1955)."""
    blocks: list[tuple[float, float, int]] = []
    for mean, mass in zip(p.tolist(), weight.tolist(), strict=True):
        block = (mean, mass, 1)
        while blocks and blocks[-1][0] > block[0]:
            before, held, bins = blocks.pop()
            total = held + block[1]
            block = ((before * held + block[0] * block[1]) / total, total, bins + block[2])
        blocks.append(block)
    return np.repeat([mean for mean, _, _ in blocks], [bins for _, _, bins in blocks])
