"""Origins: forecasts set aside and scored when their targets arrive.

A series has an origin or two in flight. Each holds what every expert and their consensus said for the anchor
horizons, and the deciles around it. When the sample of an anchor arrives, the experts' losses, the errors, the
calibration and the quality of that anchor learn from it; missing targets are not scored. What was said is kept relative
to the slow level at the origin, so that single precision is enough whatever the size of the values.

The distance between origins is one step more than a fraction of the horizon, and so shares no divisor with an even
cycle: over time every anchor meets every hour of the day. At a distance of 48 steps, a nightly job of five-minute steps
was seen by the anchors of one horizon and never by the others (relative MASE on such fleets: 0.79, now 0.68).
"""

import numpy as np

from models.arrays import Floats, Ints
from models.forecast import calibration, quality
from models.forecast.experts import naive
from models.forecast.horizons import NOT_AN_ANCHOR, Between, Horizons
from models.forecast.mixture import Mixture
from models.forecast.residuals import WINDOW, WindowQuantiles
from models.forecast.series import NO_STEP
from models.forecast.weights import DISCOUNT
from models.layout import Arrays, Field, Layout, Slots

IN_FLIGHT = 2
REACH_HORIZONS = 2
"""What was set aside is looked up for steps so far after its origin."""
DENSE_FROM_STEP_MS = 15 * 60_000
"""Coarser series, which have few samples, are scored twice per horizon; finer ones once."""

_CHUNK = 256
"""Series whose origins are made at a time: their arrays stay in the processor's cache."""


class Origins:
    """Makes and settles the origins of a bank.

    Parameters
    ----------
    mixture
        What the origins say.
    """

    def __init__(self, mixture: Mixture, horizons: Horizons) -> None:
        self._mixture = mixture
        self._horizons = horizons
        self._experts = len(mixture.names)
        self._naive = mixture.names.index(naive.NAMES[0])
        self._levels = WindowQuantiles(quality.DECILES)
        anchors = len(horizons.anchors)
        every = np.arange(anchors)
        self._at_anchors = Between(every, every, np.zeros(anchors))
        self.layout: Layout = (
            Field("origin_epoch", "i8", (), NO_STEP, "epochs", "scoring interval of the newest origin"),
            Field("origin_step", "i8", (IN_FLIGHT,), NO_STEP, "steps", "step of each origin in flight"),
            Field("origin_centre", "f8", (IN_FLIGHT,), 0, "y", "slow level at that origin"),
            Field("pending_points", "f4", (IN_FLIGHT, anchors, self._experts + 1), 0, "y", "forecasts less the centre"),
            Field(
                "pending_deciles", "f4", (IN_FLIGHT, anchors, len(quality.DECILES)), 0, "y", "deciles less the centre"
            ),
            Field("loss_sum", "f4", (anchors, self._experts), 0, "y", "discounted sums of absolute errors"),
            Field("loss_count", "f4", (anchors,), 0, "origins", "discounted number of origins behind them"),
            Field("errors", "f4", (anchors, WINDOW), 0, "y", "newest errors of the consensus, a ring"),
            Field("error_count", "i4", (anchors,), 0, "origins", "origins scored"),
            *quality.layout(anchors),
            *calibration.layout(anchors),
        )

    def score(self, state: Arrays, slots: Slots, step: Ints, value: Floats) -> None:
        """Settle what the origins in flight said about this step."""
        ahead = step[:, None] - state["origin_step"][slots]
        anchor = self._horizons.anchor_of[np.minimum(np.maximum(ahead, 0), self._horizons.steps + 1)]
        due, flight = np.nonzero(anchor != NOT_AN_ANCHOR)
        if len(due):
            # A series' origins have different steps, so this step is not the same anchor of two of them.
            self._settle(state, slots[due], flight, anchor[due, flight], value[due])

    def expected(self, state: Arrays, slots: Slots, step: Ints) -> Floats:
        """The deciles that the newest origin before each of these steps said of it, (n, d).

        A step beyond an origin's horizon is read as its end: where samples were missing, and where one begins the next
        origin itself. NaN where no origin in flight lies within two horizons before it.
        """
        origins = state["origin_step"][slots]
        ahead = step[:, None] - origins
        # NO_STEP is far back, so that a flight never begun is out of reach too.
        reaches = (ahead > 0) & (ahead <= REACH_HORIZONS * self._horizons.steps)
        flight = np.argmax(np.where(reaches, origins, NO_STEP), axis=1)
        rows = np.arange(len(slots))
        at = self._horizons.between(np.where(reaches, ahead, 1)[rows, flight])
        said = state["pending_deciles"][slots, flight].astype(np.float64)
        share = at.share[:, None]
        deciles = (1.0 - share) * said[rows, at.left] + share * said[rows, at.right]
        known = reaches[rows, flight][:, None]
        return np.where(known, state["origin_centre"][slots, flight][:, None] + deciles, np.nan)

    def begin(self, state: Arrays, slots: Slots, step: Ints) -> None:
        """Set forecasts aside for the series that enter a new scoring interval with this step."""
        steps = self._horizons.steps
        apart = np.where(state["step_ms"][slots] >= DENSE_FROM_STEP_MS, -(-steps // IN_FLIGHT), steps)
        every = apart + (apart > 1)
        epoch = step // every
        due = np.flatnonzero((epoch != state["origin_epoch"][slots]) & (state["count"][slots] > 1))
        for first in range(0, len(due), _CHUNK):
            part = due[first : first + _CHUNK]
            self._begin(state, slots[part], step[part], epoch[part])

    def _begin(self, state: Arrays, slots: Slots, step: Ints, epoch: Ints) -> None:
        anchors = self._horizons.anchors
        ahead = np.broadcast_to(anchors, (len(slots), len(anchors)))
        said = self._mixture.say(state, slots, ahead, self._at_anchors, self._levels)
        flight = epoch % IN_FLIGHT
        centre = state["level_slow"][slots]
        points = np.stack([*said.experts, said.consensus], axis=2)
        state["pending_points"][slots, flight] = points - centre[:, None, None]
        state["pending_deciles"][slots, flight] = said.quantiles - centre[:, None, None]
        state["origin_centre"][slots, flight] = centre
        state["origin_step"][slots, flight] = step
        state["origin_epoch"][slots] = epoch

    def _settle(self, state: Arrays, slots: Slots, flight: Ints, anchor: Ints, value: Floats) -> None:
        came = value - state["origin_centre"][slots, flight]
        said = state["pending_points"][slots, flight, anchor].astype(np.float64)
        deciles = state["pending_deciles"][slots, flight, anchor].astype(np.float64)
        naive_deciles = said[:, self._naive][:, None] + self._naive_spread(state, slots, anchor)
        quality.settle(state, slots, anchor, came, deciles, naive_deciles)
        # What was said was kept in single precision: what came is rounded alike.
        calibration.settle(state, slots, anchor, came.astype(np.float32), deciles[:, 0], deciles[:, -1])
        error = came[:, None] - said
        # L = 0.985 L + |e|,  n = 0.985 n + 1
        losses = np.abs(error[:, : self._experts])
        state["loss_sum"][slots, anchor] = DISCOUNT * state["loss_sum"][slots, anchor] + losses
        state["loss_count"][slots, anchor] = DISCOUNT * state["loss_count"][slots, anchor] + 1.0
        count = state["error_count"][slots, anchor]
        state["errors"][slots, anchor, count % WINDOW] = error[:, self._experts]
        state["error_count"][slots, anchor] = count + 1

    def _naive_spread(self, state: Arrays, slots: Slots, anchor: Ints) -> Floats:
        """Deciles of seasonal naive's errors, (n, d): Laplace, as wide as its errors were before this one."""
        count = state["loss_count"][slots, anchor].astype(np.float64)
        total = state["loss_sum"][slots, anchor, self._naive].astype(np.float64)
        unscored = state["scale"][slots] * np.sqrt(self._horizons.anchors[anchor])
        size = np.where(count > 0, total / np.maximum(count, 1.0), unscored)
        return np.asarray(size[:, None] * self._levels.laplace)
