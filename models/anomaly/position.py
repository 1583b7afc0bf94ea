"""Position: where a sample lies in the long history of its series, and how rare that place is.

Z is the distance from the centre, in mean absolute deviations. X is how rarely samples came near this place, whichever
side and distance that is: a value in the middle may be as strange as an extreme one. Nearness is looked at in three
widths at once, because no single one fits all series.

    Z = log2(1 + |y - m| / d)
    X = mean over k = 2, 3, 4 of -log10((f_k + 1/2) / (N + 5))    f_k: of N samples, those in the same group of k cells
"""

from typing import NamedTuple

import numpy as np

from models.anomaly import scales
from models.arrays import Floats, Ints
from models.layout import Arrays, Field, Slots

GROUPS = (2, 3, 4)
"""Cells that are taken together."""
_MARGIN = max(GROUPS)
PLACES = 2 * (scales.CELL_MAX + _MARGIN) + 1
_CENTRE = scales.CELL_MAX + _MARGIN
COUNT_MAX = 60_000
"""A histogram that reaches this count in one cell is halved: the past fades."""

assert np.iinfo(np.uint16).max > COUNT_MAX

LAYOUT = (
    Field("centre", "f8", (), 0, "y", "mean of the long history, winsorised"),
    Field("deviation", "f8", (), 0, "y", "mean absolute deviation from it"),
    Field("placed", "u2", (PLACES,), 0, "samples", "histogram of signed distances from the centre"),
    Field("placed_total", "u4", (), 0, "samples", "sum of it"),
)


def _groups() -> Ints:
    """Places of the histogram in the groups of each width that hold each cell, [cells, 2 + 3 + 4]."""
    cell = np.arange(-scales.CELL_MAX, scales.CELL_MAX + 1)[:, None]
    # The group of k cells that holds cell b begins at k floor((b + floor(k/2)) / k) - floor(k/2).
    return np.hstack([k * ((cell + k // 2) // k) - k // 2 + np.arange(k) + _CENTRE for k in GROUPS])


_GROUPS = _groups()
_ENDS = np.cumsum(GROUPS).tolist()


class Position(NamedTuple):
    """Where samples lie; shape (n,). `place` is the cell of the histogram."""

    error: Floats
    far: Floats
    rare: Floats
    place: Ints


def locate(state: Arrays, slots: Slots, value: Floats, seen: Ints) -> Position:
    """Look at one sample each, which is the `seen`-th of its series and is not learned yet."""
    error = np.where(seen > 1, value - state["centre"][slots], 0.0)
    far = octaves(state, slots, error)
    place = np.where(error < 0, -scales.cell(far), scales.cell(far))
    return Position(error, far, _rarity(state, slots, place), place + _CENTRE)


def octaves(state: Arrays, slots: Slots, error: Floats) -> Floats:
    """L of distances in the deviations of the long history; NaN stays NaN."""
    return np.asarray(np.log2(1.0 + scales.distance(np.abs(error), state["deviation"][slots])))


def learn(state: Arrays, slots: Slots, value: Floats, seen: Ints, position: Position) -> None:
    """Learn the samples that were located."""
    deviation, gain = state["deviation"][slots], scales.gain(seen)
    held = scales.winsorised(position.error, deviation, seen)
    # m += g e;  d += g (|e| - d)
    state["centre"][slots] = np.where(seen > 1, state["centre"][slots] + gain * held, value)
    state["deviation"][slots] = deviation + gain * (np.abs(held) - deviation)
    count = state["placed"][slots, position.place].astype(np.int64) + 1
    state["placed"][slots, position.place] = count
    state["placed_total"][slots] += np.uint32(1)
    full = slots[count >= COUNT_MAX]
    if len(full):
        state["placed"][full] //= 2
        state["placed_total"][full] = state["placed"][full].sum(axis=1)


def _rarity(state: Arrays, slots: Slots, place: Ints) -> Floats:
    near = state["placed"][slots[:, None], _GROUPS[place + scales.CELL_MAX]].astype(np.float64)
    total, product, begin = state["placed_total"][slots] + 5.0, np.ones(len(slots)), 0
    for end in _ENDS:
        # One logarithm of the product: -log10((f_k + 1/2) / (N + 5)) summed over the widths.
        product *= (near[:, begin:end].sum(axis=1) + 0.5) / total
        begin = end
    return np.where(total > 5.0, -np.log10(product) / len(GROUPS), 0.0)
