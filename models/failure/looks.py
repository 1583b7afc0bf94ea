"""Looks: what is predicted at a few horizons under each condition, from how often an episode followed it before.

The condition is how near the series is to an episode (its distance from the threshold in units of its usual one, then
how far the current run has come), crossed with how long ago the last episode was: incidents come in clusters. Each
condition's hit frequency is drawn towards the track's overall one with the weight of one hit, so that a rare condition
is not believed on few looks; the overall one is drawn towards a prior with the weight of one window of looks, which
overlap and are worth about one independent trial together.

A further horizon is never less likely than a nearer one: that is what is published, and what is scored.
"""

import numpy as np
import numpy.typing as npt

from models.failure import ledger
from models.failure.episodes import NONE
from models.failure.ledger import LOOKS_PER_WINDOW, Conditions
from models.layout import Arrays, Field, Slots

STANDARD_MS = (15 * 60_000, 60 * 60_000, 24 * 60 * 60_000)
"""Every rule is looked at this far ahead, and as far as it says itself."""

HORIZONS = len(STANDARD_MS) + 1
UNUSED = 0
"""In place of a horizon, where the rule's own is one of the standard ones."""

# Before anything is known: one look in a hundred is followed by an episode.
PRIOR = 0.01
_PRIOR_LOOKS = float(LOOKS_PER_WINDOW)

# A frequency forgets: it weighs its last looks as a mean of about this many does.
_MEMORY_LOOKS = 1000.0
_KEEP = 1.0 - 1.0 / _MEMORY_LOOKS

_NEAR_EDGES = (0.5, 0.25)
_NEARNESS = len(_NEAR_EDGES) + 3
_SINCE_EDGES = (0.25, 1.0, 2.0, 4.0)
CONDITIONS = _NEARNESS * (len(_SINCE_EDGES) + 1)

OF_TRACK = (
    *ledger.LAYOUT,
    Field("within_ms", "i8", (), UNUSED, "ms", "how far ahead an episode is predicted; ascending, UNUSED last"),
    Field("hits", "f4", (CONDITIONS,), 0.0, "looks", "settled hits of each condition, fading"),
    Field("looks", "f4", (CONDITIONS,), 0.0, "looks", "settled looks of each condition, fading"),
    Field("all_hits", "f8", (), 0.0, "looks", "settled hits, fading"),
    Field("all_looks", "f8", (), 0.0, "looks", "settled looks, fading"),
)
LAYOUT = tuple([field._replace(shape=(HORIZONS, *field.shape)) for field in OF_TRACK])

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def horizons_ms(own_ms: int) -> tuple[list[int], int]:
    """The horizons of a rule, ascending, and the place of its own among them."""
    used = sorted({*STANDARD_MS, own_ms})
    return used + [UNUSED] * (HORIZONS - len(used)), used.index(own_ms)


def by_track(arrays: Arrays) -> Arrays:
    """The arrays of the tracks, one after the other: track HORIZONS i + k is horizon k of slot i. Views, no copies."""
    return {f.name: arrays[f.name].reshape(-1, *f.shape) for f in OF_TRACK}


def tracks_of(slots: Slots) -> npt.NDArray[np.int64]:
    """The tracks of slots, shape (n, HORIZONS)."""
    tracks: npt.NDArray[np.int64] = HORIZONS * slots[:, np.newaxis] + np.arange(HORIZONS)
    return tracks


def condition(arrays: Arrays, slots: Slots) -> Conditions:
    """The class each slot is in now, of each horizon: shape (n, HORIZONS), in [0, CONDITIONS)."""
    # No run and as far from the threshold as ever, nearer, near; a run in its first half; a run past it.
    near = np.zeros(len(slots), np.int8)
    for edge in _NEAR_EDGES:
        near += arrays["gap"][slots] < edge * arrays["usual_gap"][slots]
    run_ms = arrays["run_ms"][slots]
    near = np.where(run_ms > 0, len(_NEAR_EDGES) + 1 + (2 * run_ms > arrays["for_ms"][slots]), near)
    # Time since the last episode, in windows; a slot without one counts as long ago.
    episode_ms = arrays["episode_ms"][slots]
    within_ms = np.maximum(arrays["within_ms"][slots], 1)
    windows = (arrays["last_ms"][slots] - episode_ms)[:, np.newaxis] / within_ms
    since = np.zeros((len(slots), HORIZONS), np.int8)
    for edge in _SINCE_EDGES:
        since += (windows > edge) | (episode_ms == NONE)[:, np.newaxis]
    return (_NEARNESS * since + near[:, np.newaxis]).astype(np.int8)


def frequencies(arrays: Arrays, slots: Slots, conditions: Conditions) -> tuple[Floats, Floats]:
    """The probability under each slot's condition and its overall frequency, of each horizon: shape (n, HORIZONS)."""
    # f = (hits + n₀ prior) / (looks + n₀)
    base = (arrays["all_hits"][slots] + _PRIOR_LOOKS * PRIOR) / (arrays["all_looks"][slots] + _PRIOR_LOOKS)
    at = (slots[:, np.newaxis], np.arange(HORIZONS), conditions)
    # p = (hits_c + 1) / (looks_c + 1/f)
    p = (arrays["hits"][at] + 1.0) / (arrays["looks"][at] + 1.0 / base)
    return np.maximum.accumulate(p, axis=1), base


def settle(tracks_of_all: Arrays, tracks: npt.NDArray[np.int64], now_ms: Times, opened: Flags) -> None:
    """Settle what a sample at `now_ms`, with which an episode did or did not open, decides of these tracks."""
    within_ms = tracks_of_all["within_ms"][tracks]
    for settled in ledger.settle(tracks_of_all, tracks, now_ms, opened, within_ms):
        at, count = settled.tracks, (settled.tracks, settled.condition)
        tracks_of_all["hits"][count] = _KEEP * tracks_of_all["hits"][count] + settled.outcome
        tracks_of_all["looks"][count] = _KEEP * tracks_of_all["looks"][count] + 1.0
        tracks_of_all["all_hits"][at] = _KEEP * tracks_of_all["all_hits"][at] + settled.outcome
        tracks_of_all["all_looks"][at] = _KEEP * tracks_of_all["all_looks"][at] + 1.0


def take(arrays: Arrays, tracks_of_all: Arrays, slots: Slots, now_ms: Times) -> tuple[Flags, Floats]:
    """Look at slots outside an episode, at those of their horizons that are in a new cell of their grid.

    Returns
    -------
    tuple
        Which horizons were looked at, and what is predicted at all of them: shape (n, HORIZONS).
    """
    within_ms = arrays["within_ms"][slots]
    cell = ledger.cells(now_ms[:, np.newaxis], within_ms)
    new: Flags = (cell > arrays["look_cell"][slots]) & (within_ms != UNUSED)
    conditions = condition(arrays, slots)
    p, base = frequencies(arrays, slots, conditions)
    places = np.nonzero(new)
    tracks = tracks_of(slots)[places]
    ledger.note(tracks_of_all, tracks, now_ms[places[0]], conditions[places], p[places], base[places])
    tracks_of_all["look_cell"][tracks] = cell[places]
    return new, p


def next_ms(arrays: Arrays, slots: Slots) -> Times:
    """When the next look of each slot is due, or the next outcome known: nothing happens before that in silence."""
    within_ms = arrays["within_ms"][slots]
    look_ms = (arrays["look_cell"][slots] + 1) * ledger.cell_ms(within_ms)
    oldest = arrays["oldest"][slots][:, :, np.newaxis].astype(np.int64)
    known_ms = np.take_along_axis(arrays["look_ms"][slots], oldest, axis=2)[:, :, 0] + within_ms
    due_ms = np.where(arrays["pending"][slots] > 0, np.minimum(look_ms, known_ms), look_ms)
    soonest: Times = np.where(within_ms == UNUSED, np.iinfo(np.int64).max, due_ms).min(axis=1)
    return soonest


def standard_places(own: npt.NDArray[np.int64], within_ms: Times) -> npt.NDArray[np.int64]:
    """Where each of STANDARD_MS lies among the horizons of n slots, shape (n, 3)."""
    own_ms = np.take_along_axis(within_ms, own[:, np.newaxis], axis=1)
    standard_ms = np.array(STANDARD_MS)
    # A rule's own horizon, where it is no standard one, moves those above it by one place.
    moved = (own_ms < standard_ms) & ~(own_ms == standard_ms).any(axis=1, keepdims=True)
    places: npt.NDArray[np.int64] = np.arange(len(STANDARD_MS)) + moved
    return places
