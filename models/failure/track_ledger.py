"""Ledgers of the tracks of rules: a track takes one look in each cell of its own grid, and is settled by episodes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from models.arrays import Flags, Times, Tracks
from models.failure.episodes import NONE
from models.failure.ledger import NEVER_MS, Ledger, Settled, cell_ms
from models.failure.tracks import UNUSED, tracks_of
from models.layout import Arrays, Field, Slots


class TrackLedger(Ledger):
    """A ledger whose tracks are those of `tracks`; all arrays are `tracks.by_track`'s."""

    def __init__(self, name: str, noted: Sequence[Field]) -> None:
        super().__init__(name, noted)
        self._cell = f"{name}_cell"
        self.layout = (Field(self._cell, "i8", (), NONE, "cell", "cell of the grid of the last note"), *self.layout)

    def note_new_cells(self, arrays: Arrays, slots: Slots, now_ms: Times, **noted: npt.NDArray[Any]) -> None:
        """Note this now of slots, at those of their horizons that are in a new cell.

        Parameters
        ----------
        now_ms, noted
            Shapes (n,) and (n, h).
        """
        tracks = tracks_of(slots)
        within_ms = arrays["within_ms"][tracks]
        cell = now_ms[:, np.newaxis] // cell_ms(within_ms)
        places = np.nonzero((cell > arrays[self._cell][tracks]) & (within_ms != UNUSED))
        self.note(arrays, tracks[places], now_ms[places[0]], **{name: each[places] for name, each in noted.items()})
        arrays[self._cell][tracks[places]] = cell[places]

    def settle_within(self, arrays: Arrays, tracks: Tracks, now_ms: Times, opened: Flags) -> list[Settled]:
        """Settle what a sample at `now_ms`, with which an episode did or did not open, decides of these tracks."""
        return self.settle(arrays, tracks, now_ms, opened, arrays["within_ms"][tracks])

    def next_ms(self, arrays: Arrays, slots: Slots) -> Times:
        """When each slot's next look is due, or the next outcome known: nothing happens before that in silence."""
        tracks = tracks_of(slots)
        within_ms = arrays["within_ms"][tracks]
        look_ms = (arrays[self._cell][tracks] + 1) * cell_ms(within_ms)
        due_ms = np.minimum(look_ms, self.known_ms(arrays, tracks, within_ms))
        soonest: Times = np.where(within_ms == UNUSED, NEVER_MS, due_ms).min(axis=1)
        return soonest
