"""Warnings: stretches in which an episode is predicted as likely as not, and what became of them.

A warning begins with the first look at the rule's own horizon at which the probability is at least WARN_P, and ends
with the first one at which it is not. It is right if an episode opens while it lasts; its lead is the time from its
beginning until then. Counts, so those of several slots may be added up.
"""

import numpy as np
import numpy.typing as npt

from models.arrays import Floats, Times
from models.failure.episodes import NONE
from models.layout import Arrays, Field, Slots

WARN_P = 0.5

# Leads by size: below a minute, then up to 4, 16, 64 minutes, ... 45 days and more.
_EDGES_MS = 60_000 * 4 ** np.arange(9, dtype=np.int64)
LEADS = len(_EDGES_MS) + 1

LAYOUT = (
    Field("warned_ms", "i8", (), NONE, "ms", "event time of the look that the warning began with, NONE without one"),
    Field("warnings", "i4", (), 0, "warnings", "warnings whose outcome is known"),
    Field("warnings_right", "i4", (), 0, "warnings", "those in which an episode opened"),
    Field("leads", "i4", (LEADS,), 0, "warnings", "the right ones, by the size of their lead"),
)


def drop(arrays: Arrays, slots: Slots) -> None:
    """Forget the warnings that last: their outcome will never be known."""
    arrays["warned_ms"][slots] = NONE


def confirm(arrays: Arrays, slots: Slots, now_ms: Times) -> None:
    """An episode has opened in these slots."""
    warned = arrays["warned_ms"][slots] != NONE
    slots, lead_ms = slots[warned], (now_ms - arrays["warned_ms"][slots])[warned]
    arrays["warnings"][slots] += 1
    arrays["warnings_right"][slots] += 1
    arrays["leads"][slots, np.searchsorted(_EDGES_MS, lead_ms, side="right")] += 1
    arrays["warned_ms"][slots] = NONE


def follow(arrays: Arrays, slots: Slots, now_ms: Times, p: Floats) -> None:
    """New looks at these slots predict this."""
    warned_ms, likely = arrays["warned_ms"][slots], p >= WARN_P
    arrays["warnings"][slots] += (warned_ms != NONE) & ~likely
    arrays["warned_ms"][slots] = np.where(likely, np.where(warned_ms == NONE, now_ms, warned_ms), NONE)


def median_lead_ms(leads: npt.NDArray[np.int32]) -> Floats:
    """The median of leads that were counted by size, shape (n, LEADS); NaN where there are none."""
    total = leads.sum(axis=1)
    below = np.cumsum(leads, axis=1)
    at = (2 * below >= total[:, np.newaxis]).argmax(axis=1)
    # The middle of a size, by ratio: its lower edge times 2; of the first, half a minute.
    middles = np.concatenate(([_EDGES_MS[0] / 2.0], 2.0 * _EDGES_MS))
    return np.where(total > 0, middles[at], np.nan)
