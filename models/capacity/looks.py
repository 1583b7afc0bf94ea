"""Looks: what each expert said, kept until it is known whether the limit was reached in time (`models.verification`).

A look is taken when a half hour closes that ends a cell of the horizon's own grid (LOOK_EVERY_H), unless the limit is
reached. A level at or over the limit settles all looks it is in time for as hits; a level that comes when a look's time
is over settles it as a miss. After a silence longer than a horizon nobody knows, and its looks are dropped. So are all
of them, with the frequency of crossings, when the limit moves by more than a hundredth: a resized volume begins anew.

What was settled gives three things: the experts' weights, the frequency of crossings, and the record of the mixture.
"""

from typing import Literal, get_args

import numpy as np

from models.arrays import Flags, Floats, Numbers, Places
from models.capacity.horizons import HORIZONS, HOURS, LOOK_EVERY_H
from models.capacity.levels import LEVEL_H
from models.layout import Arrays, Field, Slots
from models.verification import KEEP_ERROR, KEEP_OUTCOME, judge

Expert = Literal["walk", "yesterday", "maxima", "crossings", "paths"]
EXPERTS: tuple[Expert, ...] = get_args(Expert)
CROSSINGS, PATHS = EXPERTS.index("crossings"), EXPERTS.index("paths")

# What is kept of a look: what each expert said, and what their mixture did.
SAID = len(EXPERTS) + 1
_MIXTURE = SAID - 1

# Looks of a horizon that may wait at once, and one more: a cell's look may come late in it, the next one's early.
_WAITING = (HOURS.astype(np.int64) // LOOK_EVERY_H + 1).tolist()
PLACES = sum(_WAITING)
_START = np.cumsum([0, *_WAITING]).tolist()
_OF_HORIZON = [slice(_START[k], _START[k + 1]) for k in range(HORIZONS)]
_REACH = (HOURS / LEVEL_H).astype(np.int32)
_PLACE_REACH = np.repeat(_REACH, _WAITING)

# w ~ prior exp(-2 L min(1, 2 / n)), n the looks within a horizon: they overlap, and count as two together.
_RATE = 2.0 * np.minimum(1.0, 2.0 * LOOK_EVERY_H / HOURS)

# Nobody has seen a first crossing coming, so until there is one its frequency, 0, is no argument against a growth.
_PRIOR_UNSEEN = 0.1

# f = (hits + 0.1 min(1, range / a)) / (looks + 2)
_PRIOR_HITS = 0.1
_PRIOR_LOOKS = 2.0

_RESIZED = 0.01
_NONE = -1

LAYOUT = (
    Field("look_cell", "i4", (), _NONE, "h", "number of the hour that the last look was taken at the end of"),
    Field("look_limit", "f8", (), np.nan, "series", "the limit that the looks were taken for"),
    Field("look_bin", "i4", (PLACES,), _NONE, "bin", "half hour at whose end the look was taken, NONE: none waits"),
    Field("look_p", "f2", (PLACES, SAID), 0.0, "-", "what each expert said, and the mixture"),
    Field("expert_error", "f4", (HORIZONS, len(EXPERTS)), 0.0, "-", "squared errors of settled looks, fading"),
    Field("hits", "f4", (HORIZONS,), 0.0, "looks", "settled looks that a crossing followed, fading"),
    Field("looks", "f4", (HORIZONS,), 0.0, "looks", "settled looks, fading"),
    Field("looks_settled", "i4", (HORIZONS,), 0, "looks", "settled looks, all of them"),
    Field("square_error", "f8", (HORIZONS,), 0.0, "-", "sum of (p - outcome)² of the mixture"),
    Field("base_square_error", "f8", (HORIZONS,), 0.0, "-", "the same of the frequency of crossings"),
)


def frequencies(arrays: Arrays, slots: Slots, nearness: Floats) -> Floats:
    """How often a crossing followed within each of HOURS, shape (n, h); `nearness` = min(1, range / gap)."""
    hits, looks = (arrays[name][slots].astype(np.float64) for name in ("hits", "looks"))
    return (hits + _PRIOR_HITS * nearness[:, None]) / (looks + _PRIOR_LOOKS)


def weights(arrays: Arrays, slots: Slots, has_paths: Flags) -> Floats:
    """The experts' weights at each horizon, shape (n, h, e), of sum 1.

    `has_paths` says where a forecast reaches, shape (n, h): elsewhere `paths` has no weight.
    """
    error = arrays["expert_error"][slots].astype(np.float64)
    raw = np.exp(-_RATE[:, None] * (error - error.min(axis=-1, keepdims=True)))
    raw[..., CROSSINGS] *= np.where(arrays["hits"][slots] > 0.0, 1.0, _PRIOR_UNSEEN)
    raw[..., PATHS] *= has_paths
    return np.asarray(raw / raw.sum(axis=-1, keepdims=True))


def forget_other_limits(arrays: Arrays, slots: Slots, limit: Floats) -> None:
    """Begin anew where the limit is another than the looks were taken for; an unknown one changes nothing."""
    before = arrays["look_limit"][slots]
    moved = np.abs(limit - before) > _RESIZED * np.maximum(np.abs(limit), np.abs(before))
    resized = slots[moved]
    arrays["look_bin"][resized] = _NONE
    for name in ("hits", "looks"):
        arrays[name][resized] = 0.0
    arrays["look_limit"][slots] = np.where(moved | np.isnan(before), limit, before)


def limit_looked_for(arrays: Arrays, slots: Slots, limit: Floats) -> Floats:
    """The limit, or where it is not known the one that the waiting looks were taken for; shape (n,)."""
    return np.where(np.isnan(limit), arrays["look_limit"][slots], limit)


def drop_silent(arrays: Arrays, slots: Slots, silence: Numbers) -> None:
    """Drop the looks of horizons shorter than a silence of so many half hours: nobody knows what happened in it."""
    silent = np.flatnonzero(silence > _REACH[0])
    if len(silent):
        waiting = arrays["look_bin"][slots[silent]]
        lost = silence[silent, None] > _PLACE_REACH
        arrays["look_bin"][slots[silent]] = np.where(lost, _NONE, waiting)


def settle(arrays: Arrays, slots: Slots, half_hour: Numbers, reached: Flags) -> None:
    """Settle what a level at the end of this half hour decides."""
    waiting = arrays["look_bin"][slots]
    is_known, hit = judge(half_hour[:, None] - waiting, _PLACE_REACH, reached[:, None])
    settled = (waiting != _NONE) & is_known
    rows = np.flatnonzero(settled.any(axis=-1))
    if not len(rows):
        return
    for k, places in enumerate(_OF_HORIZON):
        which = np.flatnonzero(settled[:, places].any(axis=-1))
        if len(which):
            _settle(arrays, slots[which], k, settled[which, places], hit[which, places])
    arrays["look_bin"][slots[rows]] = np.where(settled[rows], _NONE, waiting[rows])


def _settle(arrays: Arrays, slots: Slots, k: int, settled: Flags, hit: Flags) -> None:
    """Settle looks of one horizon; shapes (n, places)."""
    count = np.count_nonzero(settled, axis=-1)
    error = arrays["look_p"][slots, _OF_HORIZON[k]].astype(np.float64) - hit[..., None]
    _count(arrays, slots, k, count, np.count_nonzero(settled & hit, axis=-1))
    _score(arrays, slots, k, count, np.where(settled[..., None], error * error, 0.0))


def _count(arrays: Arrays, slots: Slots, k: int, count: Places, hits: Places) -> None:
    # f_n = keep^c f_(n-1) + c: what one level settles counts as one moment.
    keep = KEEP_OUTCOME**count
    arrays["hits"][slots, k] = keep * arrays["hits"][slots, k] + hits
    arrays["looks"][slots, k] = keep * arrays["looks"][slots, k] + count
    arrays["looks_settled"][slots, k] += count.astype(np.int32)


def _score(arrays: Arrays, slots: Slots, k: int, count: Places, square: Floats) -> None:
    """Add squared errors, shape (n, places, SAID)."""
    total = np.zeros((len(slots), SAID))
    for place in range(square.shape[1]):
        total += square[:, place]
    # L_n = keep^c L_(n-1) + Σ (p - outcome)²
    keep = (KEEP_ERROR**count)[:, None]
    arrays["expert_error"][slots, k] = keep * arrays["expert_error"][slots, k] + total[:, :_MIXTURE]
    arrays["square_error"][slots, k] += total[:, _MIXTURE]
    arrays["base_square_error"][slots, k] += total[:, CROSSINGS]


def due(arrays: Arrays, slots: Slots, half_hour: Numbers) -> Places:
    """The places of slots for which an hour has ended since their last look."""
    return np.flatnonzero((half_hour + 1) // 2 > arrays["look_cell"][slots])


def take(arrays: Arrays, slots: Slots, half_hour: Numbers, experts: Floats, mixture: Floats) -> None:
    """Note what was said at the end of this half hour, for the horizons whose turn it is.

    Parameters
    ----------
    experts, mixture
        Shape (n, h, e) and (n, h).
    """
    cell, last = (half_hour + 1) // 2, arrays["look_cell"][slots]
    said = np.concatenate([experts, mixture[..., None]], axis=-1)
    for k in range(HORIZONS):
        every = LOOK_EVERY_H[k]
        rows = np.flatnonzero(cell // every > last // every)
        place = _START[k] + cell[rows] // every % _WAITING[k]
        arrays["look_bin"][slots[rows], place] = half_hour[rows]
        arrays["look_p"][slots[rows], place] = said[rows, k]
    arrays["look_cell"][slots] = cell
