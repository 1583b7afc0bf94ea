"""Ends of failures that may overlap: an entity fails until the last of them, and each may be told another end."""

import numpy as np

from models.arrays import Flags, Times
from models.failure.episodes import NONE
from models.layout import Arrays, Field, Slots

KEPT = 4
"""Of more that overlap, those that end first are forgotten."""

_NO_ID = -1

LAYOUT = (
    Field("failure_ids", "i8", (KEPT,), _NO_ID, "-", "CRC-32 of the ids of failures"),
    Field("failure_until_ms", "i8", (KEPT,), NONE, "ms", "their ends"),
)


def known(arrays: Arrays, slots: Slots, failure_id: int) -> Flags:
    """Whose failures this is one of, shape (n,)."""
    is_known: Flags = (arrays["failure_ids"][slots] == failure_id).any(axis=1)
    return is_known


def note(arrays: Arrays, slots: Slots, failure_id: int, until_ms: int) -> None:
    """A failure of these distinct slots ends then, whatever was told of it before."""
    same, until = arrays["failure_ids"][slots] == failure_id, arrays["failure_until_ms"][slots]
    is_known = same.any(axis=1)
    place = np.where(is_known, same.argmax(axis=1), until.argmin(axis=1))
    noted = is_known | (until_ms > until.min(axis=1))
    arrays["failure_ids"][slots[noted], place[noted]] = failure_id
    arrays["failure_until_ms"][slots[noted], place[noted]] = until_ms


def withdraw(arrays: Arrays, slots: Slots, failure_id: int) -> None:
    """What was told of a failure of these distinct slots does not hold: it has no end, and they do not fail by it."""
    row, place = np.nonzero(arrays["failure_ids"][slots] == failure_id)
    arrays["failure_ids"][slots[row], place] = _NO_ID
    arrays["failure_until_ms"][slots[row], place] = NONE


def last_ms(arrays: Arrays, slots: Slots) -> Times:
    """When the last of them ends, shape (n,); NONE before the first."""
    last: Times = arrays["failure_until_ms"][slots].max(axis=1)
    return last
