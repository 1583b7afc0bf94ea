"""What was published: noted, settled and scored, so that the record is of what those who were told have seen.

A prediction is noted where it is the first one in its cell of the horizon's grid, with what each voice said; settled,
it adds to the scores of its track and to the record of the voices.
"""

import numpy as np
import numpy.typing as npt

from models.failure import ledger, scores, voices
from models.failure.episodes import NONE
from models.failure.ledger import Ledger
from models.failure.tracks import UNUSED, per_slot, tracks_of
from models.layout import Arrays, Field, Slots

_NOTES = Ledger(
    "note",
    (
        Field("p", "f2", (), 0.0, "-", "what was published"),
        Field("base", "f2", (), 0.0, "-", "the overall frequency"),
        Field("frequency", "f2", (), 0.0, "-", "the frequency under its condition"),
        Field("path", "f2", (), 0.0, "-", "the path of the forecast, NaN where it ends before the horizon"),
    ),
)

OF_TRACK = (
    Field("note_cell", "i8", (), NONE, "cell", "cell of the look grid of the last prediction noted"),
    *_NOTES.layout,
    *scores.LAYOUT,
    *voices.OF_TRACK,
)
LAYOUT = per_slot(OF_TRACK)

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Tracks = npt.NDArray[np.int64]


def drop(tracks_of_all: Arrays, tracks: Tracks) -> None:
    """Forget the predictions that wait: their outcome will never be known."""
    _NOTES.drop(tracks_of_all, tracks)


def settle(tracks_of_all: Arrays, tracks: Tracks, now_ms: Times, opened: Flags) -> None:
    """Settle what a sample at `now_ms`, with which an episode did or did not open, decides of these tracks."""
    within_ms = tracks_of_all["within_ms"][tracks]
    for settled in _NOTES.settle(tracks_of_all, tracks, now_ms, opened, within_ms):
        p, base, frequency, path = (
            _NOTES.noted(tracks_of_all, field, settled).astype(np.float64)
            for field in ("p", "base", "frequency", "path")
        )
        scores.add(tracks_of_all, settled.tracks, p, base, settled.outcome)
        voices.learn(tracks_of_all, settled.tracks, frequency, path, settled.outcome)


def note(
    arrays: Arrays,
    tracks_of_all: Arrays,
    slots: Slots,
    now_ms: Times,
    p: Floats,
    base: Floats,
    frequencies: Floats,
    paths: Floats,
) -> None:
    """Note what is published of slots, at those of their horizons that are in a new cell; shapes (n, HORIZONS)."""
    within_ms = arrays["within_ms"][slots]
    cell = ledger.cells(now_ms[:, np.newaxis], within_ms)
    places = np.nonzero((cell > arrays["note_cell"][slots]) & (within_ms != UNUSED))
    tracks = tracks_of(slots)[places]
    said = {"p": p, "base": base, "frequency": frequencies, "path": paths}
    of_tracks = {field: of_all[places] for field, of_all in said.items()}
    _NOTES.note(tracks_of_all, tracks, now_ms[places[0]], **of_tracks)
    tracks_of_all["note_cell"][tracks] = cell[places]
