"""Cases: a track and a limit, and the instants at which it is predicted when the one reaches the other.

Instants are hourly, from the third hour on, wherever the limit is not reached. What comes after the end of a recording
is not known, so an instant counts for a horizon only if the limit is reached within it, or the recording goes on for as
long.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from load.insights.capacity.tracks import PER_HOUR, Track
from models.arrays import Floats, Times

HOURS = (1, 6, 24)

FIRST_PLACE = 3 * PER_HOUR
# A run of less than this has nothing to say of a day.
PLACES_MIN = 100

# Limits of a growing resource: its highest level after these shares of its run, and this far beyond its highest of all,
# in units of its range after the first three hours.
REACHED_AT = (0.3, 0.45, 0.6, 0.75, 0.9, 0.98)
BEYOND = (0.05, 0.2, 0.5)

BURSTY_LIMIT = 90.0
BURSTY_WITH, BURSTY_WITHOUT = 40, 20


@dataclass(frozen=True, slots=True)
class Case:
    """A track, a limit, and the instants, as places on the grid."""

    track: Track
    limit: float
    instants: Times
    next_reached: Times
    """Of each instant, the place at which the limit is reached next; past any horizon where it never is."""
    never: bool
    """Whether the track never reaches the limit."""

    def lead_h(self) -> Floats:
        """Hours from each instant to the limit; infinite where it is not reached."""
        places = self.next_reached - self.instants
        return np.where(self.next_reached < _NEVER, places / PER_HOUR, np.inf)


_NEVER = np.iinfo(np.int64).max // 2


def growing_cases(tracks: Iterable[Track]) -> Iterator[Case]:
    """Limits that a run reaches, each until then, and limits that it never does."""
    for track in tracks:
        if len(track.level) < PLACES_MIN:
            continue
        highest = np.maximum.accumulate(track.level)
        reached = {float(highest[int(share * len(highest))]): None for share in REACHED_AT}
        top = float(highest[-1])
        ranged = top - float(np.min(track.level[FIRST_PLACE:]))
        for limit in [*reached, *[top + share * ranged for share in BEYOND]]:
            crossing = np.flatnonzero(track.level >= limit)
            if not len(crossing):
                yield _case(track, limit, len(track.level))
            elif crossing[0] > FIRST_PLACE:
                yield _case(track, limit, int(crossing[0]))


def bursty_cases(tracks: Iterable[Track]) -> Iterator[Case]:
    """The first machines that reach the limit, and the first that don't, each to the end of its recording."""
    left = {True: BURSTY_WITH, False: BURSTY_WITHOUT}
    for track in tracks:
        reaches = bool((track.level >= BURSTY_LIMIT).any())
        if left[reaches]:
            left[reaches] -= 1
            yield _case(track, BURSTY_LIMIT, len(track.level))


def _case(track: Track, limit: float, end: int) -> Case:
    reached = np.flatnonzero(track.level >= limit)
    instants = np.arange(FIRST_PLACE, end, PER_HOUR)
    below = track.level[instants] < limit
    instants = instants[below]
    following = np.searchsorted(reached, instants)
    later = np.append(reached, _NEVER)[following]
    return Case(track, limit, instants, later, not len(reached))
