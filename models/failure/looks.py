"""Looks: how often an episode followed under each condition, at a few horizons.

The condition is how near the series is to an episode (its distance from the threshold in units of its usual one, then
how far the current run has come), crossed with how long ago the last episode was: incidents come in clusters. Each
condition's hit frequency is drawn towards the track's overall one with the weight of one hit, so that a rare condition
is not believed on few looks; the overall one is drawn towards a prior with the weight of one window of looks, which
overlap and are worth about one independent trial together.

Looks are taken at samples, a few per horizon, whether anything is published of them or not: a count wants as many as
there are. A further horizon is never less likely than a nearer one.
"""

import numpy as np
import numpy.typing as npt

from models.arrays import Flags, Floats, Times, Tracks
from models.failure.episodes import NONE
from models.failure.ledger import LOOKS_PER_WINDOW
from models.failure.track_ledger import TrackLedger
from models.failure.tracks import HORIZONS, per_slot
from models.layout import Arrays, Field, Slots
from models.verification import KEEP_OUTCOME

# Before anything is known: one look in a hundred is followed by an episode.
PRIOR = 0.01
_PRIOR_LOOKS = float(LOOKS_PER_WINDOW)

_NEAR_EDGES = (0.5, 0.25)
_NEARNESS = len(_NEAR_EDGES) + 3
_SINCE_EDGES = (0.25, 1.0, 2.0, 4.0)
CONDITIONS = _NEARNESS * (len(_SINCE_EDGES) + 1)

_LOOKS = TrackLedger("look", (Field("condition", "i1", (), 0, "-", "the condition that was looked at"),))

OF_TRACK = (
    *_LOOKS.layout,
    Field("hits", "f4", (CONDITIONS,), 0.0, "looks", "settled hits of each condition, fading"),
    Field("looks", "f4", (CONDITIONS,), 0.0, "looks", "settled looks of each condition, fading"),
    Field("all_hits", "f8", (), 0.0, "looks", "settled hits, fading"),
    Field("all_looks", "f8", (), 0.0, "looks", "settled looks, fading"),
)
LAYOUT = per_slot(OF_TRACK)

Conditions = npt.NDArray[np.int8]


def condition(arrays: Arrays, slots: Slots) -> Conditions:
    """The class each slot is in now, of each horizon: shape (n, h), in [0, CONDITIONS)."""
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
    """The probability under each slot's condition and its overall frequency, of each horizon: shape (n, h)."""
    # f = (hits + n₀ prior) / (looks + n₀)
    base = (arrays["all_hits"][slots] + _PRIOR_LOOKS * PRIOR) / (arrays["all_looks"][slots] + _PRIOR_LOOKS)
    at = (slots[:, np.newaxis], np.arange(HORIZONS), conditions)
    # p = (hits_c + 1) / (looks_c + 1/f)
    p = (arrays["hits"][at] + 1.0) / (arrays["looks"][at] + 1.0 / base)
    return np.maximum.accumulate(p, axis=1), base


def drop(tracks_of_all: Arrays, tracks: Tracks) -> None:
    """Forget the looks that wait: their outcome will never be known."""
    _LOOKS.drop(tracks_of_all, tracks)


def settle(tracks_of_all: Arrays, tracks: Tracks, now_ms: Times, opened: Flags) -> None:
    """Settle what a sample at `now_ms`, with which an episode did or did not open, decides of these tracks."""
    for settled in _LOOKS.settle_within(tracks_of_all, tracks, now_ms, opened):
        at, count = settled.tracks, (settled.tracks, _LOOKS.noted(tracks_of_all, "condition", settled))
        tracks_of_all["hits"][count] = KEEP_OUTCOME * tracks_of_all["hits"][count] + settled.outcome
        tracks_of_all["looks"][count] = KEEP_OUTCOME * tracks_of_all["looks"][count] + 1.0
        tracks_of_all["all_hits"][at] = KEEP_OUTCOME * tracks_of_all["all_hits"][at] + settled.outcome
        tracks_of_all["all_looks"][at] = KEEP_OUTCOME * tracks_of_all["all_looks"][at] + 1.0


def take(arrays: Arrays, tracks_of_all: Arrays, slots: Slots, now_ms: Times) -> None:
    """Look at slots outside an episode, at those of their horizons that are in a new cell of their grid."""
    _LOOKS.note_new_cells(tracks_of_all, slots, now_ms, condition=condition(arrays, slots))


def next_ms(tracks_of_all: Arrays, slots: Slots) -> Times:
    """When the next look of each slot is due, or the next outcome known: nothing happens before that in silence."""
    return _LOOKS.next_ms(tracks_of_all, slots)
