"""The ledger: looks that were noted and wait for their outcome (`models.verification`).

A *track* is one row of it: one thing at one horizon, looked at a few times in its length.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.arrays import Flags, Floats, Places, Times, Tracks
from models.layout import Arrays, Field, Layout
from models.verification import judge

LOOKS_PER_WINDOW = 12
LOOKS_PER_WINDOW_MIN = 3
LOOK_MS = 5 * 60_000
"""Looks come as often as the first says, but no oftener than this apart, unless that is fewer than the second."""

NEVER_MS = np.iinfo(np.int64).max

PENDING_MAX = 16
# A window touches at most one cell of the look grid more than it is long, and a new look comes before the oldest goes.
assert LOOKS_PER_WINDOW + 2 <= PENDING_MAX


class Settled(NamedTuple):
    """Notes whose outcome has become known, one of each track: shape (n,)."""

    tracks: Tracks
    places: Places  # in their rings, where they can be read until the next note
    outcome: Floats


class Ledger:
    """A ring of notes of each track. Its state are arrays whose names begin with the ledger's own.

    Parameters
    ----------
    name
        Of a note, as in `look`.
    noted
        What is noted, of shape () each.
    """

    def __init__(self, name: str, noted: Sequence[Field]) -> None:
        self._name = name
        self.layout: Layout = (
            Field(f"{name}_pending", "i2", (), 0, "notes", "notes waiting for their outcome"),
            Field(f"{name}_oldest", "i2", (), 0, "place", "place of the oldest of them in the ring below"),
            Field(f"{name}_ms", "i8", (PENDING_MAX,), 0, "ms", "event time of the note"),
            *[field._replace(name=f"{name}_{field.name}", shape=(PENDING_MAX,)) for field in noted],
        )

    def drop(self, arrays: Arrays, tracks: Tracks) -> None:
        """Forget the notes that wait: their outcome will never be known."""
        arrays[f"{self._name}_pending"][tracks] = 0

    def note(self, arrays: Arrays, tracks: Tracks, now_ms: Times, **noted: npt.NDArray[Any]) -> None:
        """Note this now, of each of these distinct tracks; shapes (n,)."""
        pending = arrays[f"{self._name}_pending"]
        place = (arrays[f"{self._name}_oldest"][tracks] + pending[tracks]) % PENDING_MAX
        arrays[f"{self._name}_ms"][tracks, place] = now_ms
        for field, value in noted.items():
            arrays[f"{self._name}_{field}"][tracks, place] = value
        pending[tracks] += 1

    def noted(self, arrays: Arrays, field: str, settled: Settled) -> npt.NDArray[Any]:
        """What had been noted of those that are settled."""
        return arrays[f"{self._name}_{field}"][settled.tracks, settled.places]

    def settle(
        self,
        arrays: Arrays,
        tracks: Tracks,
        now_ms: Times,
        occurred: Flags,
        within_ms: Times,
        told_after_ms: int = 0,
    ) -> list[Settled]:
        """Settle what an occurrence at `now_ms`, or the time that has passed without one, decides; oldest first.

        Parameters
        ----------
        tracks
            Distinct ones, n; so are the others, shape (n,).
        within_ms
            How long after a note an occurrence is a hit.
        told_after_ms
            How long after it happened an occurrence may be told: a miss is certain so much later. Notes between an
            occurrence and its telling stay where they are.
        """
        note_ms, pending = arrays[f"{self._name}_ms"], arrays[f"{self._name}_pending"]
        oldest, settled = arrays[f"{self._name}_oldest"], []
        for _ in range(PENDING_MAX):
            place = oldest[tracks]
            is_known, is_hit = judge(now_ms - note_ms[tracks, place], within_ms, occurred, told_after_ms)
            due = is_known & (pending[tracks] > 0)
            if not due.any():
                break
            hit = is_hit[due].astype(np.float64)
            tracks, now_ms, occurred, within_ms = tracks[due], now_ms[due], occurred[due], within_ms[due]
            oldest[tracks] = (place[due] + 1) % PENDING_MAX
            pending[tracks] -= 1
            settled.append(Settled(tracks, place[due].astype(np.intp), hit))
        return settled

    def known_ms(self, arrays: Arrays, tracks: Tracks, within_ms: Times) -> Times:
        """When the oldest note's outcome is known at the latest; the end of time where none waits. Shapes (n,)."""
        oldest_ms = arrays[f"{self._name}_ms"][tracks, arrays[f"{self._name}_oldest"][tracks]]
        known_ms: Times = np.where(arrays[f"{self._name}_pending"][tracks] > 0, oldest_ms + within_ms, NEVER_MS)
        return known_ms


def cell_ms(within_ms: Times) -> Times:
    """The width of a cell of the look grid."""
    shortest_ms = np.minimum(within_ms // LOOKS_PER_WINDOW_MIN, LOOK_MS)
    width: Times = np.maximum(np.maximum(within_ms // LOOKS_PER_WINDOW, shortest_ms), 1)
    return width
