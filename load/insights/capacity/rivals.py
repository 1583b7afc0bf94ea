"""Rivals: what others predict for a case, at each of its instants."""

from collections.abc import Callable
from math import erf, inf, sqrt
from typing import NamedTuple

import numpy as np

from load.insights.capacity.cases import HOURS, Case
from load.insights.capacity.tracks import PER_HOUR
from models.arrays import Floats


class Predicted(NamedTuple):
    """Of n instants: probabilities within each of HOURS (n, 3), and hours to the limit (n,), infinite for never."""

    p: Floats
    eta_h: Floats


Rival = Callable[[Case], Predicted]


def predict_linear(hours: int) -> Rival:
    """Prometheus' predict_linear over so many hours: the limit is reached within H, or it is not."""

    def predict(case: Case) -> Predicted:
        eta = _linear_eta(case, hours * PER_HOUR)
        return Predicted((eta[:, None] <= np.array(HOURS)).astype(np.float64), eta)

    return predict


def _linear_eta(case: Case, window: int) -> Floats:
    """Hours until the least-squares line through the last `window` levels is at the limit."""
    padded = np.concatenate([np.full(window - 1, np.nan), case.track.level])
    level = padded[case.instants[:, None] + np.arange(window)]
    known = ~np.isnan(level)
    at = np.where(known, np.arange(1.0 - window, 1.0) / PER_HOUR, np.nan)
    middle, mean = np.nanmean(at, axis=1), np.nanmean(level, axis=1)
    at, level = at - middle[:, None], level - mean[:, None]
    slope = np.nansum(at * level, axis=1) / np.maximum(np.nansum(at * at, axis=1), 1e-9)
    now = mean - slope * middle
    ahead = np.where(slope > 0.0, (case.limit - now) / np.where(slope > 0.0, slope, 1.0), inf)
    return np.asarray(np.where(now >= case.limit, 0.0, ahead))


ALPHA, BETA, PHI = 0.3, 0.05, 0.98
_ERROR_GAIN = 0.02


def damped_holt(case: Case) -> Predicted:
    """Holt's damped trend of the levels with a normal error, of the spread that its one-step errors have."""
    ahead = np.arange(1, HOURS[-1] * PER_HOUR + 1)
    damping = np.cumsum(PHI**ahead)
    # Variance of h steps: σ² (1 + sum of (α (1 + β φ_j))² for j < h)
    growth = np.concatenate([[0.0], np.cumsum((ALPHA * (1.0 + BETA * damping)) ** 2)])[:-1]
    due = {int(place): number for number, place in enumerate(case.instants)}
    p, eta = np.zeros((len(due), len(HOURS))), np.full(len(due), inf)
    level, trend, variance = case.track.level[0], 0.0, 0.0
    for place, value in enumerate(case.track.level):
        if not np.isnan(value):
            error = value - (level + PHI * trend)
            level, trend = level + PHI * trend + ALPHA * error, PHI * trend + ALPHA * BETA * error
            variance += max(_ERROR_GAIN, 1.0 / (place + 1)) * (error * error - variance)
        if place in due:
            points = level + trend * damping
            spread = np.sqrt(variance * (1.0 + growth)) + 1e-9 * case.limit
            at = [hours * PER_HOUR - 1 for hours in HOURS]
            p[due[place]] = [_upper((case.limit - points[k]) / spread[k]) for k in at]
            over = np.flatnonzero(points >= case.limit)
            eta[due[place]] = (over[0] + 1) / PER_HOUR if len(over) else inf
    return Predicted(p, eta)


def _upper(z: float) -> float:
    return 0.5 * (1.0 - erf(z / sqrt(2.0)))
