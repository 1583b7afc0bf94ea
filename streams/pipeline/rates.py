"""Counters become rates per second: a forecast of a raw counter is nonsense."""

import numpy as np

from models.arrays import Flags, Floats
from models.layout import Arrays
from streams.pipeline.rows import Rows


def to_rates(grid: Arrays, rows: Rows) -> tuple[Floats, Flags]:
    """Values to learn from, and whether there is one: a counter's first sample has no rate.

    The grid still holds each series' previous sample. A value below it is a reset: the counter began again at 0.
    """
    counter = grid["counter"][rows.slot] > 0
    if not counter.any():
        return rows.value, np.ones(len(rows), np.bool_)
    previous = grid["last_value"][rows.slot]
    elapsed_s = np.maximum(rows.timestamp_ms - grid["last_sample_ms"][rows.slot], 1) / 1000.0
    # (v[t] - v[t-1]) / dt, or v[t] / dt after a reset
    increase = np.where(rows.value >= previous, rows.value - previous, rows.value)
    known = ~counter | (grid["accepted"][rows.slot] > 0)
    return np.where(counter, increase / elapsed_s, rows.value), known
