"""An order of rows that is kept up to date: sorting a hundred thousand rows anew for each change would take too long.

Rows are ordered by rank, the lowest first, and rows of the same rank by a hash of their key: the same order in every
process, whatever came first. numpy orders complex numbers by their real and then their imaginary parts.
"""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.complex128]
Slots = npt.NDArray[np.int32]

TIE_BYTES = 6
"""A float holds whole numbers of so many bytes exactly."""

RESORT_SHARE = 0.25
"""Above this share of changed rows sorting all is quicker than merging."""


def tie_of(key: bytes) -> float:
    """What orders rows of the same rank."""
    return float(int.from_bytes(blake2b(key, digest_size=TIE_BYTES).digest()))


class Ranking:
    """The slots of rows in their order; changes are noted, and merged when somebody asks."""

    def __init__(self) -> None:
        self._places: Places = np.zeros(0, np.complex128)
        self._slots: Slots = np.zeros(0, np.int32)
        self._changed: set[int] = set()

    def note(self, slot: int) -> None:
        """Say that a row has come, has another rank, or has gone."""
        self._changed.add(slot)

    def order(self, rank: npt.NDArray[np.float64], tie: npt.NDArray[np.float64]) -> tuple[Places, Slots]:
        """Places in ascending order, and whose they are.

        Parameters
        ----------
        rank, tie
            Columns by slot; a rank of NaN is a slot without a row.
        """
        if self._changed:
            changed = np.fromiter(self._changed, np.int32, len(self._changed))
            self._changed.clear()
            self._merge(changed, rank, tie)
        return self._places, self._slots

    def _merge(self, changed: Slots, rank: npt.NDArray[np.float64], tie: npt.NDArray[np.float64]) -> None:
        is_changed = np.zeros(len(rank), np.bool_)
        is_changed[changed] = True
        stay = ~is_changed[self._slots]
        places, slots = self._places[stay], self._slots[stay]
        changed = changed[~np.isnan(rank[changed])]
        new = rank[changed] + 1j * tie[changed]
        if len(changed) > RESORT_SHARE * len(slots):
            places, slots = np.concatenate((places, new)), np.concatenate((slots, changed))
            by_place = np.argsort(places)
            self._places, self._slots = places[by_place], slots[by_place]
            return
        by_place = np.argsort(new)
        new, changed = new[by_place], changed[by_place]
        where = np.searchsorted(places, new)
        self._places, self._slots = np.insert(places, where, new), np.insert(slots, where, changed)
