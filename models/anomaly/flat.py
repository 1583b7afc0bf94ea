"""Flat lines: a series that used to vary repeats one value.

Repetitions are judged by how often the series changes, p, and by its longest run so far. Where idle stretches are usual
the first weekend may hold a longer one than any night, so such a series must be known for a fortnight.

    a run is flat when it is as long as max(12, 3 x longest, log(10^-6) / log(1 - p))
"""

from typing import NamedTuple

import numpy as np

from models.anomaly import scales
from models.arrays import Flags, Floats, Ints
from models.layout import Arrays, Field, Slots

RUN_MIN = 12
LONGEST_TIMES = 3
CHANCE_MAX = 1e-6
KNOWN_MS = 2 * 86_400_000
IDLE_KNOWN_MS = 14 * 86_400_000
KNOWN_SAMPLES_MIN, KNOWN_SAMPLES_MAX = 100, 5000
"""A series is known after so many samples of that time."""
RUN_MAX = np.iinfo(np.uint32).max // LONGEST_TIMES

LAYOUT = (
    Field("flat_run", "u4", (), 0, "samples", "in a row that repeat the one before"),
    Field("flat_longest", "u4", (), 0, "samples", "longest run that ended; one incident no more than doubles it"),
    Field("change_share", "f8", (), 0, "-", "share of the samples that differ from the one before"),
)


class Flat(NamedTuple):
    """Of one sample each; shape (n,). `run` counts repetitions, `strength` is 1 - longest / run where it is flat."""

    flat: Flags
    run: Ints
    strength: Floats


def follow(state: Arrays, slots: Slots, step_ms: Ints, changed: Flags, seen: Ints) -> Flat:
    """Carry the runs on by one sample each, the `seen`-th of its series."""
    before, longest = state["flat_run"][slots].astype(np.int64), state["flat_longest"][slots].astype(np.int64)
    share = state["change_share"][slots]
    state["change_share"][slots] = share + scales.gain(seen) * (changed - share)
    run = np.where(changed | (seen == 1), 0, np.minimum(before + 1, RUN_MAX))
    state["flat_run"][slots] = run
    ended = np.flatnonzero(changed & (before > longest))
    if len(ended):
        most = np.where(_is_known(step_ms[ended], seen[ended], longest[ended]), 2 * longest[ended], before[ended])
        state["flat_longest"][slots[ended]] = np.minimum(before[ended], np.maximum(most, RUN_MIN))
    flat = np.zeros(len(slots), np.bool_)
    long = np.flatnonzero(run >= np.maximum(RUN_MIN, LONGEST_TIMES * longest))
    if len(long):
        # (1 - p)^run <= 10^-6
        unlikely = run[long] * np.log1p(-np.minimum(share[long], 1.0 - CHANCE_MAX)) <= np.log(CHANCE_MAX)
        flat[long] = unlikely & _is_known(step_ms[long], seen[long] - run[long], longest[long])
    return Flat(flat, run, np.where(flat, 1.0 - longest / np.maximum(run, 1), 0.0))


def _is_known(step_ms: Ints, seen: Ints, longest: Ints) -> Flags:
    wanted_ms = np.where(longest >= RUN_MIN, IDLE_KNOWN_MS, KNOWN_MS)
    wanted = np.minimum(np.maximum(wanted_ms // step_ms, KNOWN_SAMPLES_MIN), KNOWN_SAMPLES_MAX)
    return np.asarray(seen > wanted)
