"""Episodes: one for each trouble, from its first strange sample to the end of its last one's quiet.

opened   the kind begins, and the series has no open episode of it
raised   one is open, and something worse is news
closed   it has not held for more than the quiet steps
"""

from typing import NamedTuple

import numpy as np

from models.anomaly.kinds import KINDS
from models.arrays import Flags, Floats, Ints
from models.layout import Arrays, Field, Slots

OPENED, RAISED, CLOSED = range(3)

LAYOUT = (
    Field("open", "u1", (), 0, "-", "kinds that have an open episode, as bits"),
    Field("episode_start", "i8", (KINDS,), 0, "steps", "first step of the newest episode, by kind"),
    Field("episode_found_ms", "i8", (KINDS,), 0, "ms", "when it could be told"),
    Field("episode_last", "i8", (KINDS,), 0, "steps", "last step at which it held"),
    Field("episode_peak", "i8", (KINDS,), 0, "steps", "step of its highest score"),
    Field("episode_score", "f8", (KINDS,), 0, "-", "that score"),
    Field("episode_value", "f8", (KINDS,), np.nan, "y", "the sample then"),
    Field("episode_low", "f8", (KINDS,), np.nan, "y", "what was expected then: from here"),
    Field("episode_high", "f8", (KINDS,), np.nan, "y", "to here"),
    Field("episode_factor", "f8", (KINDS,), np.nan, "-", "how many times the usual; of kinds that have such"),
)

assert KINDS <= 8


class Evidence(NamedTuple):
    """What one sample each says of one kind; arrays of shape (n,)."""

    begins: Flags
    holds: Flags
    score: Floats
    start: Ints
    value: Floats
    factor: Floats


class Turns(NamedTuple):
    """What became of episodes of a kind: rows of the call, and what of each."""

    rows: Ints
    what: Ints


NONE = Turns(np.empty(0, np.int64), np.empty(0, np.int64))


def follow(
    state: Arrays, kind: int, slots: Slots, step: Ints, found_ms: Ints, quiet: Ints, evidence: Evidence, *, rises: bool
) -> Turns:
    """Carry the episodes of a kind on by one sample each.

    Parameters
    ----------
    found_ms
        Event time at which what begins could be told.
    quiet
        Steps that an episode stays open after it last held.
    rises
        Whether a sign that the kind begins raises an open episode; else its peak moves with every higher score.
    """
    open_ = (state["open"][slots] & np.uint8(1 << kind)) != 0
    rows = np.flatnonzero(open_ | evidence.begins)
    if not len(rows):
        return NONE
    evidence, slots, step, was = _rows_of(evidence, rows), slots[rows], step[rows], open_[rows]
    opened = evidence.begins & ~was
    _begin(state, kind, slots[opened], evidence.start[opened], found_ms[rows][opened])
    held = evidence.holds | evidence.begins
    state["episode_last"][slots[held], kind] = step[held]
    higher = (evidence.begins if rises else held) & (evidence.score > state["episode_score"][slots, kind])
    _reach(state, kind, slots[higher], step[higher], _rows_of(evidence, np.flatnonzero(higher)))
    closed = was & ~held & (step - state["episode_last"][slots, kind] > quiet[rows])
    state["open"][slots[closed]] &= np.uint8(0xFF ^ (1 << kind))
    raised = was & evidence.begins & higher & rises
    what = np.where(closed, CLOSED, np.where(opened, OPENED, RAISED))
    told = np.flatnonzero(opened | raised | closed)
    return Turns(rows[told], what[told])


def _rows_of(evidence: Evidence, rows: Ints) -> Evidence:
    return Evidence._make([each[rows] for each in evidence])


def _begin(state: Arrays, kind: int, slots: Slots, start: Ints, found_ms: Ints) -> None:
    state["open"][slots] |= np.uint8(1 << kind)
    state["episode_start"][slots, kind] = start
    state["episode_found_ms"][slots, kind] = found_ms
    # Below any score, so that the first one is a peak.
    state["episode_score"][slots, kind] = -1.0
    for name in ("low", "high"):
        state[f"episode_{name}"][slots, kind] = np.nan


def _reach(state: Arrays, kind: int, slots: Slots, step: Ints, evidence: Evidence) -> None:
    state["episode_peak"][slots, kind] = step
    for name, reached in (("score", evidence.score), ("value", evidence.value), ("factor", evidence.factor)):
        state[f"episode_{name}"][slots, kind] = reached
