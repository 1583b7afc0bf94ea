"""First passage of a walk with drift: the probability to reach a limit in time, and the quantiles of that time.

The level is taken as a Brownian motion with drift μ per hour and spread σ per square root of an hour; the time T at
which it first covers the gap a > 0 follows the inverse Gaussian law (defective when μ < 0: it may never arrive)::

    P(T <= h) = Φ(u) + exp(2μa/σ²) Φ(-v),   u = (μh - a) / (σ√h),   v = (μh + a) / (σ√h)

The second term multiplies a number that overflows by one that vanishes. As v² - u² = 4μa/σ², both terms are written
with exp(-u²/2) and the scaled tail erfcx instead, which loses nothing.
"""

from math import sqrt

import numpy as np

from models.arrays import Floats
from models.normal import erfcx

_CUTS = np.linspace(0.0, 1.0, 5)
_ROUNDS = 3

# With a mean time of a/μ, its relative spread is σ/√(aμ): below 1e-4 of it the time is a/μ.
_STEADY = 1e-8

# A walk that is as good as never there between two times says nothing of when.
_FLAT = 1e-9

# For 0, where the formula divides by zero.
_AT_ONCE_H = 1e-9


def crossing_probability(gap: Floats, drift: Floats, spread: Floats, hours: Floats) -> Floats:
    """P(T <= h), elementwise with broadcasting, for gap > 0, spread > 0 and hours > 0."""
    root = spread * np.sqrt(hours)
    with np.errstate(over="ignore"):
        u = (drift * hours - gap) / root
        v = (drift * hours + gap) / root
        half_bell = 0.5 * np.exp(-0.5 * u * u)
        # v < 0 only if μ < 0, and exp(2μa/σ²) < 1 then
        ever = np.exp(np.minimum(2.0 * (drift / spread) * (gap / spread), 0.0))
    # Φ(u), from its tail ½ exp(-u²/2) erfcx(|u|/√2)
    tail = half_bell * erfcx(np.abs(u) / sqrt(2.0))
    direct = np.where(u < 0.0, tail, 1.0 - tail)
    # exp(2μa/σ²) Φ(-v), where exp(2μa/σ²) (1 - Φ(|v|)) = ½ exp(-u²/2) erfcx(|v|/√2)
    mirrored_tail = half_bell * erfcx(np.abs(v) / sqrt(2.0))
    mirrored = np.where(v < 0.0, ever - mirrored_tail, mirrored_tail)
    reached: Floats = np.minimum(direct + mirrored, 1.0)
    return reached


def times_between(gap: Floats, drift: Floats, spread: Floats, low: Floats, high: Floats, share: Floats) -> Floats:
    """Hours by which the limit is reached with this share of the probability that lies between `low` and `high`.

    Parameters
    ----------
    gap, drift, spread, low, high, share
        Of one shape, (n,); gap > 0, spread > 0, 0 <= low < high, share in [0, 1].

    Returns
    -------
    Shape (n,), in [low, high]. Where the walk has no probability between them, they are divided evenly.
    """
    sides = gap[:, None], drift[:, None], spread[:, None]
    ends = crossing_probability(*sides, np.maximum(np.stack([low, high], axis=-1), _AT_ONCE_H))
    first, covered = ends[:, 0], ends[:, 1] - ends[:, 0]
    target = first + share * covered
    left, right, below, above = low, high, first, ends[:, 1]
    # Cut the bracket into sections, and the one with the target again.
    for _ in range(_ROUNDS):
        hours = left[:, None] + (right - left)[:, None] * _CUTS
        inner = crossing_probability(*sides, hours[:, 1:-1])
        reached = np.concatenate([below[:, None], inner, above[:, None]], axis=-1)
        left, right, below, above = _bracket(hours, reached, target)
    part = (target - below) / np.maximum(above - below, np.finfo(np.float64).tiny)
    hours = left + (right - left) * np.clip(part, 0.0, 1.0)
    hours = np.where(covered > _FLAT, hours, low + share * (high - low))
    return _steady(gap, drift, spread, low, high, hours)


def _bracket(hours: Floats, reached: Floats, target: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The neighbours of each target: times and probabilities, (n,) each, from (n, m)."""
    upper = np.clip(np.count_nonzero(reached < target[:, None], axis=-1), 1, hours.shape[-1] - 1)[:, None]
    low, high = (np.take_along_axis(hours, upper - side, axis=-1)[:, 0] for side in (1, 0))
    below, above = (np.take_along_axis(reached, upper - side, axis=-1)[:, 0] for side in (1, 0))
    return low, high, below, above


def _steady(gap: Floats, drift: Floats, spread: Floats, low: Floats, high: Floats, hours: Floats) -> Floats:
    """Where the spread of the time is too small to matter, and the time lies between them, it is the exact a/μ."""
    steady = drift * gap * _STEADY > spread * spread
    exact = gap / np.where(steady, drift, 1.0)
    return np.where(steady & (exact > low) & (exact <= high), exact, hours)
