"""Season: how far a sample is from what is usual at this time of day, beside the distances the series is used to.

The usual is the forecast bank's profile of the short cycle on its slow level, so no second profile is kept. Distances
from it are counted. S is how rare a distance is; beyond the upper hundredth, where counts are few, it goes on in a
straight line, as the tail of an exponential distribution would.

    S = -log10((counts above + half of those in its cell + 1/2) / (N + 1))      up to v99
    S = 2 + (r - v99) / max(v99 - v90, v99 / 10), at most 5                     beyond
"""

from typing import NamedTuple

import numpy as np

from models.anomaly import scales
from models.arrays import Floats, Ints
from models.layout import Arrays, Field, Slots

CELLS = scales.CELL_MAX + 1
LEARNING_SAMPLES = 50
REFRESHED_EVERY = 16
"""Samples between two looks at the quantiles."""
SURPRISE_MAX = 5.0
COUNT_MAX = 60_000

_CELLS = np.arange(CELLS, dtype=np.uint8)
_UPPER = 2.0 ** ((np.arange(CELLS) + 0.5) / scales.CELLS_PER_OCTAVE) - 1.0
"""Distance at which each cell ends."""

LAYOUT = (
    Field("season_scale", "f8", (), 0, "y", "mean distance from the season, winsorised"),
    Field("season_counts", "u2", (CELLS,), 0, "samples", "histogram of distances from the season, in scales"),
    Field("season_total", "u4", (), 0, "samples", "sum of it"),
    Field("season_tenth", "u1", (), 0, "cells", "cell that the upper tenth of the distances begins in"),
    Field("season_hundredth", "u1", (), 0, "cells", "the same of the upper hundredth"),
)


class Season(NamedTuple):
    """Samples whose season is known: their rows in a call, (m,), sizes in y, distances in scales."""

    rows: Ints
    size: Floats
    away: Floats


def locate(state: Arrays, slots: Slots, departure: Floats) -> tuple[Season, Floats]:
    """The samples whose season is known, and S of all, (n,): 0 where it is not."""
    rows = np.flatnonzero(~np.isnan(departure))
    known = slots[rows]
    size = np.abs(departure[rows])
    away = scales.distance(size, state["season_scale"][known])
    surprise = np.minimum(_surprise(state, known, away), SURPRISE_MAX)
    found = np.zeros(len(slots))
    found[rows] = np.where(state["season_total"][known] >= LEARNING_SAMPLES, surprise, 0.0)
    return Season(rows, size, away), found


def learn(state: Arrays, slots: Slots, season: Season) -> None:
    """Learn the samples that were located."""
    known, away = slots[season.rows], season.away
    seen = state["season_total"][known].astype(np.int64) + 1
    cell, scale = scales.cell(np.log2(1.0 + away)), state["season_scale"][known]
    # d += g (r - d)
    state["season_scale"][known] = scale + scales.gain(seen) * (scales.winsorised(season.size, scale, seen) - scale)
    count = state["season_counts"][known, cell].astype(np.int64) + 1
    state["season_counts"][known, cell] = count
    state["season_total"][known] = seen
    full = known[count >= COUNT_MAX]
    if len(full):
        state["season_counts"][full] //= 2
        state["season_total"][full] = state["season_counts"][full].sum(axis=1)
    _refresh(state, known[(seen % REFRESHED_EVERY == 0) | (seen <= LEARNING_SAMPLES)])


def _surprise(state: Arrays, slots: Slots, away: Floats) -> Floats:
    cell, counts = scales.cell(np.log2(1.0 + away)), state["season_counts"][slots]
    above = (counts * (cell.astype(np.uint8)[:, None] < _CELLS)).sum(axis=1, dtype=np.uint32)
    share = (above + 0.5 * counts[np.arange(len(slots)), cell] + 0.5) / (state["season_total"][slots] + 1.0)
    tenth, hundredth = _UPPER[state["season_tenth"][slots]], _UPPER[state["season_hundredth"][slots]]
    # Within a cell of each other they would make any distance beyond them endless.
    beyond = 2.0 + (away - hundredth) / np.maximum(hundredth - tenth, 0.1 * hundredth)
    return np.where(away > hundredth, beyond, -np.log10(share))


def _refresh(state: Arrays, slots: Slots) -> None:
    if len(slots):
        # Counts from the far end: those of each cell and beyond.
        beyond = np.cumsum(state["season_counts"][slots, ::-1], axis=1, dtype=np.int64)
        for name, share in (("season_tenth", 10), ("season_hundredth", 100)):
            state[name][slots] = CELLS - 1 - np.argmax(beyond * share >= beyond[:, -1:], axis=1)
