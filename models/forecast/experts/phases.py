"""Medians of what the same place of earlier cycles was like, which single bursts do not move.

==============  ====================================================================================
phase_minor     the same place of the last 12 minor cycles, hours of the day or minutes of the hour;
                of the last 7 short cycles where steps are too coarse for minor ones
phase_around    the 13 bins around the same place of the last short cycle
phase_long      the same place of the last 3 long cycles, and a bin to either side of it
==============  ====================================================================================
"""

import numpy as np

from models.arrays import Floats, Ints, Singles
from models.forecast.cycles import DAY_MS, HOUR_MS
from models.forecast.memory.cycles import LONG_CYCLES, earlier_long, earlier_short, short_bins
from models.forecast.series import Position, Sample, Target
from models.forecast.shifts import Shift
from models.layout import Arrays, Field, Slots
from models.medians import row_medians

NAMES: tuple[str, ...] = ("phase_minor", "phase_around", "phase_long")
LAYOUT: tuple[Field, ...] = ()

MINOR_CYCLES = 12
SHORT_CYCLES = 7
AROUND_BINS = 6
"""To either side."""
VALUES_MIN = 3
"""Fewer are no median worth having."""
MINOR_BINS_MIN = 2

HOURS_PER_DAY, MINUTES_PER_HOUR = 24, 60


def start(state: Arrays, slots: Slots, value: Floats) -> None:
    """It has no state of its own: the memory of cycles has."""


def learn(state: Arrays, sample: Sample) -> None:
    """It has no state of its own: the memory of cycles has."""


def move(state: Arrays, shift: Shift) -> None:
    """It has no state of its own: the memory of cycles has."""


def points(state: Arrays, target: Target) -> list[Floats]:
    """Where too little is known: the next simpler one, and at last the fast level."""
    rows = target.slots[:, None]
    base = state["base"][rows]
    level = np.broadcast_to(state["level_fast"][rows], target.ahead.shape)
    short, long = target.short, target.long
    around = short.at.bin[..., None] + np.arange(-AROUND_BINS, AROUND_BINS + 1)
    candidates = [
        (1, short_bins(state, rows[..., None], around % short.cycle.bins[..., None])),
        (VALUES_MIN, earlier_long(state, rows, long, _short_stride(short, long), SHORT_CYCLES)),
        (VALUES_MIN, earlier_short(state, rows, short, _minor_stride(short), MINOR_CYCLES)),
        (2 * VALUES_MIN, _long_values(state, rows, long)),
    ]
    said, simpler = [], level
    for least, values in candidates:
        median = base + row_medians(values, least)
        simpler = np.where(np.isnan(median), simpler, median)
        said.append(simpler)
    around_, _, minor, long_ = said
    return [minor, around_, long_]


def _long_values(state: Arrays, rows: Slots, long: Position) -> Singles:
    stride = np.where(long.cycle.period_ms > 0, long.cycle.bins, 0)
    beside = [
        earlier_long(state, rows, long._replace(visit=long.visit + shift), stride, LONG_CYCLES) for shift in (-1, 0, 1)
    ]
    return np.concatenate(beside, axis=-1)


def _minor_stride(short: Position) -> Ints:
    """Bins of the short cycle in a minor one; 0 where there is none, or none to be told apart in it."""
    period = short.cycle.period_ms
    parts = np.where(period == DAY_MS, HOURS_PER_DAY, np.where(period == HOUR_MS, MINUTES_PER_HOUR, 0))
    stride = short.cycle.bins // np.maximum(parts, 1)
    return np.where((parts > 0) & (stride >= MINOR_BINS_MIN), stride, 0)


def _short_stride(short: Position, long: Position) -> Ints:
    """Bins of the long cycle in a short one; 0 without a long cycle."""
    return np.asarray(long.cycle.bins * short.cycle.period_ms // np.maximum(long.cycle.period_ms, 1)) * (
        long.cycle.period_ms > 0
    )
