"""What was published: noted, settled and scored, so that the record is of what those who were told have seen.

A prediction is noted where it is the first one in its cell of the horizon's grid, with what each expert said; settled,
it adds to the scores of its track and to the errors of the experts.
"""

import numpy as np

from models.arrays import Flags, Floats, Times, Tracks
from models.failure import experts, scores
from models.failure.track_ledger import TrackLedger
from models.failure.tracks import per_slot
from models.layout import Arrays, Field, Slots

_NOTES = TrackLedger(
    "note",
    (
        Field("p", "f2", (), 0.0, "-", "what was published"),
        Field("base", "f2", (), 0.0, "-", "the overall frequency"),
        Field("frequency", "f2", (), 0.0, "-", "the frequency under its condition"),
        Field("path", "f2", (), 0.0, "-", "the path of the forecast, NaN where it ends before the horizon"),
    ),
)

OF_TRACK = (
    *_NOTES.layout,
    *scores.LAYOUT,
    *experts.OF_TRACK,
)
LAYOUT = per_slot(OF_TRACK)


def drop(tracks_of_all: Arrays, tracks: Tracks) -> None:
    """Forget the predictions that wait: their outcome will never be known."""
    _NOTES.drop(tracks_of_all, tracks)


def settle(tracks_of_all: Arrays, tracks: Tracks, now_ms: Times, opened: Flags) -> None:
    """Settle what a sample at `now_ms`, with which an episode did or did not open, decides of these tracks."""
    for settled in _NOTES.settle_within(tracks_of_all, tracks, now_ms, opened):
        p, base, frequency, path = (
            _NOTES.noted(tracks_of_all, field, settled).astype(np.float64)
            for field in ("p", "base", "frequency", "path")
        )
        scores.add(tracks_of_all, settled.tracks, p, base, settled.outcome)
        experts.learn(tracks_of_all, settled.tracks, frequency, path, settled.outcome)


def note(
    tracks_of_all: Arrays, slots: Slots, now_ms: Times, p: Floats, base: Floats, frequency: Floats, path: Floats
) -> None:
    """Note what is published of slots, at those of their horizons that are in a new cell; shapes (n, h)."""
    _NOTES.note_new_cells(tracks_of_all, slots, now_ms, p=p, base=base, frequency=frequency, path=path)
