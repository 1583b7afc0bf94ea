"""First passage of a walk with drift: the probability to reach a limit in time, and the quantiles of that time.

The level is taken as a Brownian motion with drift μ per hour and spread σ per square root of an hour; the time T at
which it first covers the gap a > 0 follows the inverse Gaussian law (defective when μ < 0: it may never arrive)::

    P(T <= h) = Φ(u) + exp(2μa/σ²) Φ(-v),   u = (μh - a) / (σ√h),   v = (μh + a) / (σ√h)

The second term multiplies a number that overflows by one that vanishes. As v² - u² = 4μa/σ², both terms are written
with exp(-u²/2) and the scaled tail erfcx instead, which loses nothing.
"""

from math import sqrt

import numpy as np
import numpy.typing as npt

from models.normal import erfcx

# Times to a limit are looked for up to here; what lies beyond is censored.
ETA_HORIZON_H = 240.0

_GRID_H = np.geomspace(0.125, ETA_HORIZON_H, 16)
_CUTS = np.linspace(0.0, 1.0, 9)
_ROUNDS = 3

# With a mean time of a/μ, its relative spread is σ/√(aμ): below 1e-4 of it the time is a/μ.
_STEADY = 1e-8

Floats = npt.NDArray[np.float64]


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


def crossing_times(gap: Floats, drift: Floats, spread: Floats, quantiles: Floats) -> Floats:
    """Hours until the limit is reached with each probability; infinite beyond ETA_HORIZON_H.

    Parameters
    ----------
    gap, drift, spread
        Shape (n,); gap > 0, spread > 0.
    quantiles
        Shape (k,), in (0, 1).

    Returns
    -------
    Shape (n, k).
    """
    sides = gap[:, None, None], drift[:, None, None], spread[:, None, None]
    # A coarse grid brackets each quantile; cut its bracket into sections, and again.
    hours = np.broadcast_to(np.append(0.0, _GRID_H), (len(gap), len(quantiles), len(_GRID_H) + 1))
    on_grid = crossing_probability(*sides, _GRID_H)
    reached = np.concatenate([np.zeros_like(on_grid[..., :1]), on_grid], axis=-1)
    low, high, below, above = _bracket(hours, np.broadcast_to(reached, hours.shape), quantiles)
    for _ in range(_ROUNDS):
        hours = low[..., None] + (high - low)[..., None] * _CUTS
        inner = crossing_probability(*sides, hours[..., 1:-1])
        reached = np.concatenate([below[..., None], inner, above[..., None]], axis=-1)
        low, high, below, above = _bracket(hours, reached, quantiles)
    part = (quantiles - below) / np.maximum(above - below, np.finfo(np.float64).tiny)
    hours = low + (high - low) * np.clip(part, 0.0, 1.0)
    return _steady(gap, drift, spread, np.where(above < quantiles, np.inf, hours))


def _bracket(hours: Floats, reached: Floats, quantiles: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The neighbours of each quantile: times and probabilities, (n, k) each, from (n, k, m) with reached[..., 0] below.

    If the last probability is still below the quantile, the last two points are returned.
    """
    upper = np.minimum(np.count_nonzero(reached < quantiles[:, None], axis=-1), hours.shape[-1] - 1)[..., None]
    low, high = (np.take_along_axis(hours, upper - side, axis=-1)[..., 0] for side in (1, 0))
    below, above = (np.take_along_axis(reached, upper - side, axis=-1)[..., 0] for side in (1, 0))
    return low, high, below, above


def _steady(gap: Floats, drift: Floats, spread: Floats, hours: Floats) -> Floats:
    """Where the spread of the time is too small to matter all quantiles are the exact time a/μ."""
    steady = drift * gap * _STEADY > spread * spread
    exact = gap / np.where(steady, drift, 1.0)
    exact = np.where(exact <= ETA_HORIZON_H, exact, np.inf)
    return np.where(steady[:, None], exact[:, None], hours)
