"""What is foretold for a stretch of time, at a quantile.

An autoscaler's decision has two halves. A replica that is asked for now carries load after the lead time, so what is
needed then decides whether to ask for more. One that is ended now is gone at once and can't be back before the lead
time is over, so the largest load on the way decides whether fewer will do. The largest value from now until the end of
the lead time serves both: it is never below what is needed then, and where it is above, the replicas that run already
are needed for longer.

It is the largest of the quantiles of single instants, not a quantile of the largest value: that would be higher, and a
record of quantiles by instant does not say by how much.
"""

from typing import NamedTuple

import numpy as np

from streams.serve.scaling.core.forecast import Floats, SeriesForecast


class Foretold(NamedTuple):
    """Of a stretch of time: the largest value, and that at its end. In the series' unit, never below zero."""

    largest: float
    at_end: float


def foretold(forecast: SeriesForecast, since_ms: int, until_ms: int, quantile: float) -> Foretold:
    """What is foretold from one instant to a later one, which the forecast reaches.

    Between horizons a quantile is taken to go in a straight line, before the first one to be what it is there, and
    between levels in a straight line again. So a higher quantile never gives a lower value, and the largest value is at
    one of the horizons within or at one of the two ends. A load below zero is none.
    """
    path = at_quantile(forecast, quantile)
    within = (forecast.at_ms > since_ms) & (forecast.at_ms < until_ms)
    ends = np.interp([since_ms, until_ms], forecast.at_ms, path)
    largest = float(np.max(np.concatenate([ends, path[within]])))
    return Foretold(max(largest, 0.0), max(float(ends[1]), 0.0))


def at_quantile(forecast: SeriesForecast, quantile: float) -> Floats:
    """The forecast at one level, which lies within its own, [horizons]."""
    levels, quantiles = forecast.levels, forecast.quantiles
    above = min(max(int(np.searchsorted(levels, quantile)), 1), levels.size - 1)
    if not above:
        return quantiles[:, 0]
    share = float((quantile - levels[above - 1]) / (levels[above] - levels[above - 1]))
    lower, upper = quantiles[:, above - 1], quantiles[:, above]
    between: Floats = lower + share * (upper - lower)
    return between
