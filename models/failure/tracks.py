"""Tracks: the horizons of a rule, each of which is predicted and scored by itself.

Track HORIZONS i + k is horizon k of slot i.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import Ints, Times, Tracks
from models.layout import Arrays, Field, Layout, Slots

STANDARD_MS = (15 * 60_000, 60 * 60_000, 24 * 60 * 60_000)
"""Every rule is looked at this far ahead, and as far as it says itself."""

HORIZONS = len(STANDARD_MS) + 1
UNUSED = 0
"""In place of a horizon, where the rule's own is one of the standard ones."""

OF_TRACK = (Field("within_ms", "i8", (), UNUSED, "ms", "how far ahead; ascending, UNUSED last"),)


def per_slot(of_track: Sequence[Field]) -> Layout:
    """The layout of slots that have these fields for each of their horizons."""
    return tuple([field._replace(shape=(HORIZONS, *field.shape)) for field in of_track])


LAYOUT = per_slot(OF_TRACK)


def by_track(arrays: Arrays, of_track: Sequence[Field]) -> Arrays:
    """The arrays of the tracks, one after the other. Views, no copies."""
    return {f.name: arrays[f.name].reshape(-1, *f.shape) for f in of_track}


def tracks_of(slots: Slots) -> Tracks:
    """The tracks of slots, shape (n, h)."""
    tracks: Tracks = HORIZONS * slots[:, np.newaxis] + np.arange(HORIZONS)
    return tracks


def horizons_ms(own_ms: int) -> tuple[list[int], int]:
    """The horizons of a rule, ascending, and the place of its own among them."""
    used = sorted({*STANDARD_MS, own_ms})
    return used + [UNUSED] * (HORIZONS - len(used)), used.index(own_ms)


def standard_places(own: Ints, within_ms: Times) -> Ints:
    """Where each of STANDARD_MS lies among the horizons of n slots, shape (n, 3)."""
    own_ms = np.take_along_axis(within_ms, own[:, np.newaxis], axis=1)
    standard_ms = np.array(STANDARD_MS)
    # A rule's own horizon, where it is no standard one, moves those above it by one place.
    moved = (own_ms < standard_ms) & ~(own_ms == standard_ms).any(axis=1, keepdims=True)
    places: Ints = np.arange(len(STANDARD_MS)) + moved
    return places
