"""Rounds: the samples that the members of an entity send at about the same time, and when they are all there.

Time is cut into rounds. One is over as soon as as many members have reported as in the round before, so that what is
said of the entity knows them all and comes without delay; else with the first sample of a later round.
"""

import numpy as np

from models.arrays import Flags, Ints, Times
from models.layout import Arrays, Field, Slots

NO_ROUND = -(2**62)
_ALL = 2**30
"""More than will come: how many members there are is known once a round is over."""

LAYOUT = (
    Field("round", "i8", (), NO_ROUND, "rounds", "the present one"),
    Field("arrived", "i4", (), 0, "members", "those that have reported in it"),
    Field("expected", "i4", (), _ALL, "members", "those that reported in the one before"),
    Field("is_over", "bool", (), True, "-", "whether it is"),
    Field("last_ms", "i8", (), 0, "ms", "event time of the newest sample"),
)

OF_MEMBER = (Field("reported", "i8", (), NO_ROUND, "rounds", "the round of the last sample"),)


def report(arrays: Arrays, members: Slots, number: Ints) -> Flags:
    """Distinct members report in these rounds; whether each for the first time in its round, shape (n,)."""
    is_first: Flags = number > arrays["reported"][members]
    arrays["reported"][members] = number
    return is_first


def cut_short(arrays: Arrays, entities: Slots, number: Ints) -> Flags:
    """Whose present round ends, unfinished, with the begin of this one; shape (n,)."""
    ends: Flags = (number > arrays["round"][entities]) & ~arrays["is_over"][entities]
    return ends


def arrive(arrays: Arrays, entities: Slots, number: Ints, now_ms: Times, is_first: Flags) -> Flags:
    """A member of each of these distinct entities reports in this round, some for the first time in it.

    Returns whose round is over with it, shape (n,).
    """
    begins = number > arrays["round"][entities]
    arrived = arrays["arrived"][entities]
    known = arrays["round"][entities] != NO_ROUND
    expected = np.where(begins & known, arrived, arrays["expected"][entities])
    # One that comes late, of a round before, is no member that the present one waits for.
    arrived = np.where(begins, 1, arrived + (is_first & (number == arrays["round"][entities])))
    was_over = ~begins & arrays["is_over"][entities]
    ends: Flags = ~was_over & (arrived >= expected)
    arrays["round"][entities] = np.maximum(number, arrays["round"][entities])
    arrays["arrived"][entities], arrays["expected"][entities] = arrived, expected
    arrays["is_over"][entities] = was_over | ends
    arrays["last_ms"][entities] = np.maximum(now_ms, arrays["last_ms"][entities])
    return ends
