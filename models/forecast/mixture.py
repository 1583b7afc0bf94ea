"""The mixture: what all experts say, weighed, with bands from its own errors.

    point  = sum of w[e] p[e]                              the consensus
    bands  = point + quantiles of its newest errors        `residuals`
             with each side as wide as its misses ask for  `calibration`

Everything that belongs to a horizon is kept at the anchors, and read between them for the horizons in between.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints
from models.calendar.clocks import Clocks
from models.forecast import calibration, robust, series
from models.forecast.experts import fleet
from models.forecast.experts.family import Family
from models.forecast.horizons import Between, Horizons
from models.forecast.params import Params
from models.forecast.residuals import WINDOW, WindowQuantiles
from models.forecast.weights import expert_weights
from models.layout import Arrays, Slots


class Said(NamedTuple):
    """Forecasts of n series at k horizons: each expert's points and the consensus (n, k), quantiles (n, k, q)."""

    experts: list[Floats]
    consensus: Floats
    quantiles: Floats


class Mixture:
    """Forecasts from the state of a bank; changes nothing.

    Parameters
    ----------
    families
        Of the experts, in the order of the record of losses.
    """

    def __init__(self, families: tuple[Family, ...], horizons: Horizons, params: Params, clocks: Clocks) -> None:
        self.families = families
        self.names = tuple(name for family in families for name in family.NAMES)
        self._horizons = horizons
        self._clocks = clocks
        self._loss_ratio = np.array([params.loss_ratio.get(name, 1.0) for name in self.names])
        self._shape = self.names.index(fleet.NAMES[0]) if fleet.NAMES[0] in self.names else None

    def say(self, state: Arrays, slots: Slots, ahead: Ints, at: Between, levels: WindowQuantiles) -> Said:
        """Forecast.

        Parameters
        ----------
        ahead
            Steps after the last sample, shape (n, k).
        at
            Where the horizons lie among the anchors, k of them.
        levels
            Reads quantiles at the levels wanted.
        """
        target = series.target(state, slots, ahead, self._clocks)
        experts = [points for family in self.families for points in family.points(state, target)]
        weight = [_between(each, at, at.share) for each in self._weights(state, slots)]
        consensus = combine(experts, weight)
        spread = _between(self._error_quantiles(state, slots, levels), at, at.share[:, None])
        lower, upper = (_between(each, at, at.share) for each in calibration.widths(state, slots))
        bands = consensus[:, :, None] + calibration.calibrated(spread, lower, upper, levels.median)
        floor, ceiling = (bound[:, None, None] for bound in robust.bounds(state, slots))
        return Said(experts, consensus, np.minimum(np.maximum(np.sort(bands, axis=2), floor), ceiling))

    def _weights(self, state: Arrays, slots: Slots) -> list[Floats]:
        count = state["loss_count"][slots].astype(np.float64)
        return expert_weights(state["loss_sum"][slots], count, self._trust(state, slots))

    def _trust(self, state: Arrays, slots: Slots) -> Floats:
        """The experts' loss ratios, (e,), or (n, 1, e) with the fleet's shape, whose ratio ages."""
        if self._shape is None:
            return self._loss_ratio
        ratio = np.tile(self._loss_ratio, (len(slots), 1, 1))
        ratio[:, 0, self._shape] = fleet.loss_ratio(state, slots)
        return ratio

    def _error_quantiles(self, state: Arrays, slots: Slots, levels: WindowQuantiles) -> Floats:
        """Error quantiles at the anchors, (n, a, q); those never scored widen with the root of h."""
        count = state["error_count"][slots].astype(np.int64)
        errors = state["errors"][slots].reshape(-1, WINDOW)
        read = levels.read(errors, np.maximum(count, 1).reshape(-1)).reshape(*count.shape, -1)
        unscored = state["scale"][slots][:, None] * np.sqrt(self._horizons.anchors)
        return np.where(count[:, :, None] > 0, read, unscored[:, :, None] * levels.laplace)


def combine(experts: list[Floats], weight: list[Floats]) -> Floats:
    """The experts' mean under their weights, in the shape of one expert; experts that agree are repeated exactly."""
    first = experts[0]
    # p[0] + sum of w[e] (p[e] - p[0])
    shift = weight[1] * (experts[1] - first)
    for share, point in zip(weight[2:], experts[2:], strict=True):
        shift = shift + share * (point - first)
    return first + shift


def _between(at_anchors: Floats, at: Between, share: Floats) -> Floats:
    """Values (n, k, ...) between those at the anchors, (n, a, ...); `share` is that of `at`, to broadcast."""
    return (1.0 - share) * at_anchors[:, at.left] + share * at_anchors[:, at.right]
