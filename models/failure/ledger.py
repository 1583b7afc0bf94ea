"""The ledger: what was predicted and waits for its outcome, and how all that has one fared.

A *track* is one row of it: the predictions of one thing at one horizon. A prediction is noted a few times per horizon
(a *look*), and settled as a hit by an occurrence within the horizon, as a miss once that time has passed without one.
Where the outcome can't be known it is dropped. Scores are sums and counts, so those of several tracks may be added up.
"""

import numpy as np
import numpy.typing as npt

from models.failure.episodes import NONE
from models.layout import Arrays, Field

LOOKS_PER_WINDOW = 12
LOOKS_PER_WINDOW_MIN = 3
LOOK_MS = 5 * 60_000
"""Looks come as often as the first says, but no oftener than this apart, unless that is fewer than the second."""

PENDING_MAX = 16
# A window touches at most one cell of the look grid more than it is long, and a new look comes before the oldest goes.
assert LOOKS_PER_WINDOW + 2 <= PENDING_MAX

BINS = 10

LAYOUT = (
    Field("look_cell", "i8", (), NONE, "cell", "cell of the look grid of the last look"),
    Field("pending", "i2", (), 0, "looks", "looks waiting for their outcome"),
    Field("oldest", "i2", (), 0, "place", "place of the oldest of them in the ring below"),
    Field("look_ms", "i8", (PENDING_MAX,), 0, "ms", "event time of the look"),
    Field("look_condition", "i1", (PENDING_MAX,), 0, "-", "the condition that was looked at"),
    Field("look_p", "f4", (PENDING_MAX,), 0.0, "-", "what was predicted at it"),
    Field("look_base", "f4", (PENDING_MAX,), 0.0, "-", "what the overall frequency was at it"),
    Field("looks_settled", "i8", (), 0, "looks", "settled looks, all of them"),
    Field("square_error", "f8", (), 0.0, "-", "sum of (p - outcome)² over settled looks"),
    Field("base_square_error", "f8", (), 0.0, "-", "the same of the overall frequency"),
    Field("bin_looks", "i4", (BINS,), 0, "looks", "settled looks by p, in tenths"),
    Field("bin_hits", "i4", (BINS,), 0, "looks", "hits among them"),
    Field("bin_p", "f8", (BINS,), 0.0, "-", "sum of what was predicted at them"),
)

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Tracks = npt.NDArray[np.int64]
Conditions = npt.NDArray[np.int8]


class Settled:
    """Looks whose outcome has become known, one of each track: n of them."""

    def __init__(self, tracks: Tracks, condition: Conditions, outcome: Floats) -> None:
        self.tracks = tracks
        self.condition = condition
        self.outcome = outcome


def drop(arrays: Arrays, tracks: Tracks) -> None:
    """Forget the looks that wait: their outcome will never be known."""
    arrays["pending"][tracks] = 0


def settle(
    arrays: Arrays, tracks: Tracks, now_ms: Times, occurred: Flags, within_ms: Times, told_after_ms: int = 0
) -> list[Settled]:
    """Settle what an occurrence at `now_ms`, or the time that has passed without one, decides; oldest first.

    Parameters
    ----------
    tracks
        Distinct ones, n; so are the others, shape (n,).
    within_ms
        How long after a look an occurrence is a hit.
    told_after_ms
        How long after it happened an occurrence may be told: a miss is certain so much later. Looks between an
        occurrence and its telling stay where they are.
    """
    settled = []
    for _ in range(PENDING_MAX):
        age_ms = now_ms - arrays["look_ms"][tracks, arrays["oldest"][tracks]]
        decided = (occurred & (age_ms >= 0)) | (age_ms >= within_ms + told_after_ms)
        due = decided & (arrays["pending"][tracks] > 0)
        if not due.any():
            break
        hit = (occurred & (age_ms <= within_ms))[due].astype(np.float64)
        tracks, now_ms, occurred, within_ms = tracks[due], now_ms[due], occurred[due], within_ms[due]
        settled.append(_settle_oldest(arrays, tracks, hit))
    return settled


def _settle_oldest(arrays: Arrays, tracks: Tracks, outcome: Floats) -> Settled:
    place = arrays["oldest"][tracks]
    p = arrays["look_p"][tracks, place].astype(np.float64)
    # Brier (1950): (p - outcome)²
    error, base_error = p - outcome, arrays["look_base"][tracks, place] - outcome
    arrays["looks_settled"][tracks] += 1
    arrays["square_error"][tracks] += error * error
    arrays["base_square_error"][tracks] += base_error * base_error
    # Reliability: what came beside what was said, by tenths
    of_p = np.minimum((BINS * p).astype(np.int64), BINS - 1)
    arrays["bin_looks"][tracks, of_p] += 1
    arrays["bin_hits"][tracks, of_p] += outcome.astype(np.int32)
    arrays["bin_p"][tracks, of_p] += p
    arrays["oldest"][tracks] = (place + 1) % PENDING_MAX
    arrays["pending"][tracks] -= 1
    return Settled(tracks, arrays["look_condition"][tracks, place], outcome)


def cells(now_ms: Times, within_ms: Times) -> Times:
    """The cell of its look grid that a time lies in."""
    cell: Times = now_ms // cell_ms(within_ms)
    return cell


def cell_ms(within_ms: Times) -> Times:
    """The width of a cell of the look grid."""
    shortest_ms = np.minimum(within_ms // LOOKS_PER_WINDOW_MIN, LOOK_MS)
    width: Times = np.maximum(np.maximum(within_ms // LOOKS_PER_WINDOW, shortest_ms), 1)
    return width


def note(arrays: Arrays, tracks: Tracks, now_ms: Times, condition: Conditions, p: Floats, base: Floats) -> None:
    """Note what is predicted now, at the horizon of each of these distinct tracks."""
    place = (arrays["oldest"][tracks] + arrays["pending"][tracks]) % PENDING_MAX
    arrays["look_ms"][tracks, place] = now_ms
    arrays["look_condition"][tracks, place] = condition
    arrays["look_p"][tracks, place] = p
    arrays["look_base"][tracks, place] = base
    arrays["pending"][tracks] += 1
