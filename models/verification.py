"""Verification: a probability is said now, and put to the test once it is known what came.

A *look* says how likely something comes within a horizon. It is *settled* as a hit by what comes within it, as a miss
once that time has passed without; where nobody can know, it is dropped. Outcomes make a frequency, squared errors weigh
the experts, and their means (Brier 1950) are the record of what was published.

What waits is stored in two ways. Levels close by the half hour (`capacity/looks`): a look's place follows from its
hour, and what one level decides is settled at once and counts as one moment. Samples have steps of any length, and
failures may be told late (`failure/ledger`): looks queue, and are settled one after the other, oldest first.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.arrays import Flags, Floats
from models.layout import Arrays, Slots

KEEP_ERROR = 0.98
"""An expert's squared error counts so much with each look that is settled after it."""

_MEMORY_LOOKS = 1000.0
KEEP_OUTCOME = 1.0 - 1.0 / _MEMORY_LOOKS
"""An outcome does: a frequency weighs its last looks as a mean of about so many does."""

Ages = npt.NDArray[np.integer]


class Verdict(NamedTuple):
    """Of looks: whether the outcome is known, and whether it is a hit."""

    is_known: Flags
    is_hit: Flags


def judge(age: Ages, within: Ages, occurred: Flags, told_after: int = 0) -> Verdict:
    """What an occurrence now, or none, decides of looks; shapes that broadcast.

    Parameters
    ----------
    age, within, told_after
        Time since the look, its horizon, and how long after it happened an occurrence may be told, in one unit: a miss
        is certain only so much later. Nothing is decided of looks between an occurrence and its telling (age < 0).
    """
    came = occurred & (age >= 0)
    return Verdict(came | (age >= within + told_after), came & (age <= within))


class Record(NamedTuple):
    """How settled looks fared; shapes (n, ...), those of the arrays."""

    looks_settled: npt.NDArray[Any]  # of the width that the bank counts with
    brier: Floats  # mean of (p - outcome)²; NaN before the first
    base_brier: Floats  # the same of the frequency, as it was at each of them


def record(arrays: Arrays, slots: Slots) -> Record:
    """The record of slots, from their `looks_settled`, `square_error` and `base_square_error`."""
    settled = arrays["looks_settled"][slots]
    count = np.where(settled > 0, settled, np.nan)
    return Record(settled, arrays["square_error"][slots] / count, arrays["base_square_error"][slots] / count)
