"""Arrivals: when the next sample of a series is overdue, and whether they have come to arrive at another pace.

Silence is judged by the longest gap so far: a series that skips steps now and then is not missing at once. A pace is
the distance of samples in steps, or minus the number of samples in one step; eight equal ones in a row are believed.

    overdue after max(3, 3 x longest gap) missed steps
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Flags, Floats, Ints
from models.layout import Arrays, Field, Slots

MISSED_MIN = 3
LONGEST_TIMES = 3
MISSED_MAX = 10_000
"""A gap teaches no more than this."""
KNOWN_SAMPLES = 30
NEVER_MS = 2**62
PACE_BELIEVED = 8
PACE_USUAL = 250
"""A pace that was kept for so many samples is the usual one from then on."""
PACE_MAX = 10_000

LAYOUT = (
    Field("arrived", "u4", (), 0, "samples", "that the grid took, learned or not"),
    Field("arrived_step", "i8", (), 0, "steps", "of the newest of them"),
    Field("longest_gap", "u2", (), 0, "steps", "missed in a row; a silence no more than doubles what is allowed"),
    Field("overdue_ms", "i8", (), NEVER_MS, "ms", "event time at which the series counts as missing"),
    Field("pace", "i2", (), 0, "steps", "of the newest samples; minus samples per step where several came"),
    Field("pace_run", "u1", (), 0, "samples", "in a row at that pace"),
    Field("pace_usual", "i2", (), 0, "steps", "of the series; 0: not known yet"),
    Field("crowd", "u1", (), 0, "samples", "refused since the newest one, because they were of its step"),
)

assert np.iinfo(np.uint16).max > MISSED_MAX
assert np.iinfo(np.int16).max > PACE_MAX
assert np.iinfo(np.uint8).max >= PACE_USUAL


class Arrival(NamedTuple):
    """Of one sample each; shape (n,).

    `silence` is 1 - usual / missed: how far the gap before it goes beyond what the series is used to. `paced` says that
    a new pace is kept since the step `since`, `off_pace` that it is not the usual one, and `slower` how many times the
    usual distance of samples it is.
    """

    silence: Floats
    paced: Flags
    off_pace: Flags
    since: Ints
    slower: Floats


def follow(state: Arrays, slots: Slots, step_ms: Ints, step: Ints, late_steps: Ints) -> Arrival:
    """Take the arrival of one sample each.

    `late_steps` is how long after its end a step may still be filled.
    """
    arrived, longest = state["arrived"][slots].astype(np.int64) + 1, state["longest_gap"][slots].astype(np.int64)
    gap = np.where(arrived > 1, step - state["arrived_step"][slots], 1)
    state["arrived"][slots], state["arrived_step"][slots] = arrived, step
    missed = gap - 1
    allowed = allowed_steps(longest)
    silent = (missed >= allowed) & (arrived > KNOWN_SAMPLES)
    longest = np.maximum(longest, np.minimum(np.where(silent, np.minimum(missed, 2 * allowed), missed), MISSED_MAX))
    state["longest_gap"][slots] = longest
    due = step_ms * (step + 1 + allowed_steps(longest) + late_steps)
    state["overdue_ms"][slots] = np.where(arrived >= KNOWN_SAMPLES, due, NEVER_MS)
    pace, run, usual = _pace(state, slots, gap)
    paced = (usual != 0) & (pace != usual) & (run >= PACE_BELIEVED)
    since = step - (run - 1) * np.maximum(pace, 1)
    silence = 1.0 - allowed / (LONGEST_TIMES * np.maximum(missed, allowed))
    slower = _distance(pace) / _distance(np.where(usual == 0, 1, usual))
    return Arrival(silence, paced, (usual != 0) & (pace != usual), since, slower)


def allowed_steps(longest_gap: Ints) -> Ints:
    """How many steps a series may miss in a row, whose longest gap was this."""
    return np.asarray(np.maximum(MISSED_MIN, LONGEST_TIMES * longest_gap))


def crowded(state: Arrays, slot: int) -> None:
    """A further sample of the newest step came, and was refused."""
    state["crowd"][slot] = min(int(state["crowd"][slot]) + 1, np.iinfo(np.uint8).max)


def _pace(state: Arrays, slots: Slots, gap: Ints) -> tuple[Ints, Ints, Ints]:
    crowd = state["crowd"][slots].astype(np.int64)
    pace = np.where(crowd > 0, -(crowd + 1), np.minimum(gap, PACE_MAX))
    same = pace == state["pace"][slots]
    run = np.where(same, np.minimum(state["pace_run"][slots].astype(np.int64) + 1, np.iinfo(np.uint8).max), 1)
    usual = state["pace_usual"][slots].astype(np.int64)
    settles = (run >= PACE_USUAL) | ((usual == 0) & (run >= PACE_BELIEVED))
    usual = np.where(settles, pace, usual)
    state["pace"][slots], state["pace_run"][slots], state["pace_usual"][slots] = pace, run, usual
    state["crowd"][slots] = 0
    return pace, run, usual


def _distance(pace: Ints) -> Floats:
    """Steps from one sample to the next."""
    return np.where(pace > 0, pace, 1.0 / np.where(pace < 0, -pace, 1))
