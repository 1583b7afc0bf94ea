"""Origins: forecasts set aside and scored when their targets arrive.

A series has a few origins in flight. Each holds what every expert, and their weighted mean, said for the anchor
horizons, and the deciles around that mean. When the sample of an anchor arrives, the experts' losses, the errors and
the quality of that anchor learn from it; missing targets are not scored. What was said is kept relative to the slow
level at the origin, so that single precision is enough whatever the size of the values.
"""

import numpy as np
import numpy.typing as npt

from models.forecast import quality
from models.forecast.experts import EXPERTS, NO_STEP, points
from models.forecast.horizons import NOT_AN_ANCHOR, Horizons
from models.forecast.residuals import WINDOW, WindowQuantiles
from models.forecast.weights import DISCOUNT, expert_weights
from models.layout import Arrays, Field, Layout, Slots

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

IN_FLIGHT = 4
DENSE_FROM_STEP_MS = 15 * 60_000
"""Coarser series, which have few samples, are scored four times per horizon; finer ones once."""

COMBINED = EXPERTS
"""Place of the weighted mean behind the experts in `pending_points`."""

SEASONAL_NAIVE = 4
"""Place of the expert that stands for seasonal naive: the profile of the short cycle and its slow level."""

_DECILES = WindowQuantiles(quality.DECILES)


def layout(anchors: int) -> Layout:
    """State of scoring for so many anchor horizons."""
    return (
        Field("origin_epoch", "i8", (), NO_STEP, "epochs", "scoring interval of the newest origin"),
        Field("origin_step", "i8", (IN_FLIGHT,), NO_STEP, "steps", "step of each origin in flight"),
        Field("origin_centre", "f8", (IN_FLIGHT,), 0, "y", "slow level at that origin"),
        Field("pending_points", "f4", (IN_FLIGHT, anchors, EXPERTS + 1), 0, "y", "forecasts less the centre"),
        Field("pending_deciles", "f4", (IN_FLIGHT, anchors, len(quality.DECILES)), 0, "y", "deciles less the centre"),
        Field("loss_sum", "f4", (anchors, EXPERTS), 0, "y", "discounted sums of absolute errors"),
        Field("loss_count", "f4", (anchors,), 0, "origins", "discounted number of origins behind them"),
        Field("errors", "f4", (anchors, WINDOW), 0, "y", "newest errors of the weighted mean, a ring"),
        Field("error_count", "i4", (anchors,), 0, "origins", "origins scored"),
    )


def score(state: Arrays, slots: Slots, step: Ints, value: Floats, horizons: Horizons) -> None:
    """Settle what the origins in flight said about this step."""
    ahead = step[:, None] - state["origin_step"][slots]
    anchor = horizons.anchor_of[np.minimum(np.maximum(ahead, 0), horizons.steps + 1)]
    due, flight = np.nonzero(anchor != NOT_AN_ANCHOR)
    if len(due):
        # A series' origins have different steps, so this step is not the same anchor of two of them.
        _settle(state, slots[due], flight, anchor[due, flight], value[due], horizons)


def open_origins(state: Arrays, slots: Slots, step: Ints, horizons: Horizons) -> None:
    """Set forecasts aside for the series that enter a new scoring interval with this step."""
    every = np.where(state["step_ms"][slots] >= DENSE_FROM_STEP_MS, -(-horizons.steps // IN_FLIGHT), horizons.steps)
    epoch = step // every
    due = np.flatnonzero((epoch != state["origin_epoch"][slots]) & (state["count"][slots] > 1))
    if not len(due):
        return
    rows, epoch = slots[due], epoch[due]
    flight = epoch % IN_FLIGHT
    anchors = horizons.anchors
    experts = points(state, rows, np.broadcast_to(anchors, (len(rows), len(anchors))))
    centre = state["level_slow"][rows]
    combined = combine(experts, weights(state, rows))
    for place, point in enumerate([*experts, combined]):
        state["pending_points"][rows, flight, :, place] = point - centre[:, None]
    deciles = bands(state, rows, combined, error_quantiles(state, rows, anchors, _DECILES))
    state["pending_deciles"][rows, flight] = deciles - centre[:, None, None]
    state["origin_centre"][rows, flight] = centre
    state["origin_step"][rows, flight] = step[due]
    state["origin_epoch"][rows] = epoch


def weights(state: Arrays, slots: Slots) -> list[Floats]:
    """Weights of the experts at the anchors: one array [n, anchors] per expert."""
    return expert_weights(state["loss_sum"][slots].astype(np.float64), state["loss_count"][slots].astype(np.float64))


def combine(experts: list[Floats], weight: list[Floats]) -> Floats:
    """The experts' mean under their weights, in the shape of one expert; experts that agree are repeated exactly."""
    first = experts[0]
    # p[0] + sum of w[e] (p[e] - p[0])
    shift = weight[1] * (experts[1] - first)
    for share, point in zip(weight[2:], experts[2:], strict=True):
        shift = shift + share * (point - first)
    return first + shift


def error_quantiles(state: Arrays, slots: Slots, anchors: Ints, windows: WindowQuantiles) -> Floats:
    """Error quantiles at the anchors, [n, anchors, levels]; those never scored widen with the root of h."""
    count = state["error_count"][slots].astype(np.int64)
    errors = state["errors"][slots].reshape(-1, WINDOW)
    read = windows.read(errors, np.maximum(count, 1).reshape(-1)).reshape(*count.shape, -1)
    unscored = state["scale"][slots][:, None] * np.sqrt(anchors)
    return np.where(count[:, :, None] > 0, read, unscored[:, :, None] * windows.laplace)


def bands(state: Arrays, slots: Slots, point: Floats, spread: Floats) -> Floats:
    """Quantiles around points [n, k] by their spread [n, k, levels]; a series that never was negative stays so."""
    floor = np.where(state["lowest"][slots] >= 0, 0.0, -np.inf)
    return np.maximum(np.sort(point[:, :, None] + spread, axis=2), floor[:, None, None])


def _settle(state: Arrays, slots: Slots, flight: Ints, anchor: Ints, value: Floats, horizons: Horizons) -> None:
    said = state["pending_points"][slots, flight, anchor].astype(np.float64)
    came = value - state["origin_centre"][slots, flight]
    deciles = state["pending_deciles"][slots, flight, anchor].astype(np.float64)
    naive = said[:, SEASONAL_NAIVE][:, None] + _naive_spread(state, slots, anchor, horizons)
    quality.settle(state, slots, anchor, came, deciles, naive)
    error = came[:, None] - said
    # L = 0.985 L + |e|,  n = 0.985 n + 1
    state["loss_sum"][slots, anchor] = DISCOUNT * state["loss_sum"][slots, anchor] + np.abs(error[:, :EXPERTS])
    state["loss_count"][slots, anchor] = DISCOUNT * state["loss_count"][slots, anchor] + 1.0
    count = state["error_count"][slots, anchor]
    state["errors"][slots, anchor, count % WINDOW] = error[:, COMBINED]
    state["error_count"][slots, anchor] = count + 1


def _naive_spread(state: Arrays, slots: Slots, anchor: Ints, horizons: Horizons) -> Floats:
    """Deciles of seasonal naive's errors, [n, deciles]: Laplace, as wide as its errors were before this one."""
    count = state["loss_count"][slots, anchor].astype(np.float64)
    total = state["loss_sum"][slots, anchor, SEASONAL_NAIVE].astype(np.float64)
    unscored = state["scale"][slots] * np.sqrt(horizons.anchors[anchor])
    size = np.where(count > 0, total / np.maximum(count, 1.0), unscored)
    return np.asarray(size[:, None] * _DECILES.laplace)
