"""Additive exponential smoothing: the one recursion every point expert is made of.

ETS(A, Ad, A) in innovations form (Hyndman, Koehler, Ord & Snyder, *Forecasting with Exponential Smoothing*, 2008,
section 2.3, table 2.2; the parametrisation of statsmodels' ``ETSModel``). Its special cases need no code of their own:
no season is season = 0 and gamma = 0; no trend is trend = 0 and beta = 0; simple exponential smoothing is both.
"""

from functools import cache

import numpy as np

from models.arrays import Floats, Ints

_POWERS_MAX = 2048
"""Longer horizons read the last entry of the tables, where the sums have converged."""


@cache
def _tables(phi: float) -> tuple[Floats, Floats]:
    """phi^h and phi + ... + phi^h for h = 0.._POWERS_MAX."""
    power = np.concatenate(([1.0], np.cumprod(np.full(_POWERS_MAX, phi))))
    return power, np.concatenate(([0.0], np.cumsum(power[1:])))


def phi_power(phi: float, steps: Ints) -> Floats:
    """phi^steps, elementwise, for steps >= 0."""
    return _tables(phi)[0][np.minimum(steps, _POWERS_MAX)]


def phi_sum(phi: float, steps: Ints) -> Floats:
    """phi + phi^2 + ... + phi^steps, elementwise, for steps >= 0: what a damped trend adds over that many steps."""
    return _tables(phi)[1][np.minimum(steps, _POWERS_MAX)]


def ets_step(
    level: Floats,
    trend: Floats | float,
    season: Floats | float,
    y: Floats,
    alpha: Floats | float,
    beta: Floats | float,
    gamma: Floats | float,
    phi: float,
) -> tuple[Floats, Floats, Floats]:
    """One observation through ETS(A, Ad, A), elementwise over series.

    Parameters
    ----------
    level, trend, season
        l[t-1], b[t-1] and s[t-m], the season of the observation's own phase; the unit of y (trend: per step).
    y
        The observation.
    alpha, beta, gamma
        Gains of level, trend and season.
    phi
        Damping of the trend.

    Returns
    -------
    tuple
        l[t], b[t] and s[t], the new value of the season for this phase.
    """
    # yhat[t] = l[t-1] + phi b[t-1] + s[t-m]
    drift = phi * trend
    base = level + drift
    # e[t] = y[t] - yhat[t]
    error = y - (base + season)
    # l[t] = l[t-1] + phi b[t-1] + alpha e[t]
    # b[t] = phi b[t-1] + beta e[t]
    # s[t] = s[t-m] + gamma e[t]
    return base + alpha * error, drift + beta * error, season + gamma * error
