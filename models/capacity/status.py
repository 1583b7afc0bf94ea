"""The status: one word for each slot that does not flap.

A status is entered at one probability and left at a lower one, and it moves only when an hour has ended or the limit is
reached, so that a consumer who pages on a change of it is not woken by noise. It asks for KNOWN_H of history.
"""

from typing import Literal, get_args

import numpy as np

from models.arrays import Flags, Floats
from models.layout import Arrays, Field, Slots

Status = Literal["ok", "filling", "imminent", "exhausted"]
STATUSES: tuple[Status, ...] = get_args(Status)
_OK, FILLING, IMMINENT, EXHAUSTED = range(len(STATUSES))

KNOWN_H = 24.0
ENTER_P, LEAVE_P = 0.5, 0.3
assert LEAVE_P < ENTER_P

LAYOUT = (Field("status", "i1", (), _OK, "-", "place in STATUSES"),)


def follow(arrays: Arrays, slots: Slots, known: Flags, p_1h: Floats, p_24h: Floats, p_7d: Floats) -> None:
    """Move the status of slots whose limit is not reached, by their probabilities to reach it; shapes (n,).

    Before a slot is `known` it is ok: a rise may be what comes every day.
    """
    held = arrays["status"][slots]
    status = np.full(len(slots), _OK, np.int8)
    # Exhausted is entered at the limit itself, and left like the others.
    for code, p, enter in ((FILLING, p_7d, ENTER_P), (IMMINENT, p_24h, ENTER_P), (EXHAUSTED, p_1h, np.inf)):
        status[known & (p >= np.where(held >= code, LEAVE_P, enter))] = code
    arrays["status"][slots] = status


def exhaust(arrays: Arrays, slots: Slots) -> None:
    """The limit is reached."""
    arrays["status"][slots] = EXHAUSTED
