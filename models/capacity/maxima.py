"""How far the level went up within a span of time: the frequency with which that would have reached the limit.

D_H(t) = max of the level over (t, t + H] - level at t. From the half-hourly levels of a day come D of 1 h and 6 h, from
the bins of a month D of 24 h and 168 h. Where there is too little of a span, that of the next shorter one is stretched,
by its ratio r as a growth would be, and by √r as a walk would be; the two count the same.

A rise that was never seen has a probability too, as if half of a tenth of a span had been a hit. Of one beyond all that
the level has ranged over it is less in proportion (`nearness`), so that a constant is never predicted to jump.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models import sliding
from models.arrays import Bins, Floats, Places, Singles
from models.capacity.far import BINS_PER_DAY, FAR_H
from models.capacity.horizons import HORIZONS, HOURS
from models.capacity.levels import LEVEL_H

# Spans that maxima are taken over, in hours: of half-hourly levels, and of far bins.
_NEAR_H = (1, 6)
_FAR_H = (24, 168)
_SPANS_H = (*_NEAR_H, *_FAR_H)
assert list(HOURS[: len(_SPANS_H)]) == list(_SPANS_H)

# Maxima that must be known of a span: a quarter of a day, a day.
_NEAR_MIN = 12
_FAR_MIN = BINS_PER_DAY
# Of the shortest span any will do, for nothing shorter could stand in.
_SHORTEST_MIN = 1

# P = (Σ w [D >= a] + n/2 nearness) / (Σ w + n), n a tenth of the looks within H
_UNSEEN_WINDOWS = 0.1
_UNSEEN_HITS = 0.5


class Rises(NamedTuple):
    """The maxima of one span: how far the level rose, NaN where that is not known, and what each one counts."""

    rise: Floats  # (n, w)
    weight: Floats  # (n, w), 0 where the rise is not known
    looks: Floats  # (n,): the sum of the weights


def crossing_frequencies(
    bins: Bins, levels: Floats, far_level: Singles, far_peak: Singles, gap: Floats, nearness: Floats
) -> Floats:
    """Probabilities to rise by `gap` within each of HOURS, shape (n, h); NaN where no rise of a span is known.

    Parameters
    ----------
    bins, levels
        Shape (n, w): numbers and levels of the closed half hours of a day.
    far_level, far_peak
        Shape (n, v): as `far.closed_bins` has them.
    gap, nearness
        Shape (n,); gap > 0, nearness = min(1, range seen / gap).
    """
    spans = [_near(bins, levels, hours) for hours in _NEAR_H] + [_far(far_level, far_peak, h) for h in _FAR_H]
    least = (_SHORTEST_MIN, _NEAR_MIN, _FAR_MIN, _FAR_MIN)
    known = [np.count_nonzero(of.weight, axis=-1) >= few for of, few in zip(spans, least, strict=True)]
    p = np.full((len(gap), HORIZONS), np.nan)
    for place in range(HORIZONS):
        left = np.ones(len(gap), np.bool_)
        for span in range(min(place, len(_SPANS_H) - 1), -1, -1):
            rows = np.flatnonzero(left & known[span])
            if len(rows):
                p[rows, place] = _stretched(_take(spans[span], rows), gap[rows], nearness[rows], place, span)
                left[rows] = False
    return p


def range_seen(levels: Floats, far_level: Singles, far_peak: Singles) -> Floats:
    """How far apart the lowest and the highest level are that are remembered, of the day or of the month."""
    near = np.fmax.reduce(levels, axis=-1) - np.fmin.reduce(levels, axis=-1)
    far = np.fmax.reduce(far_peak, axis=-1) - np.fmin.reduce(far_level, axis=-1)
    return np.asarray(np.fmax(near, far.astype(np.float64)))


def _stretched(of: Rises, gap: Floats, nearness: Floats, place: int, span: int) -> Floats:
    """The frequency for the horizon at `place`, by the rises of a span that is not longer."""
    hours = float(HOURS[place])
    ratio = hours / _SPANS_H[span]
    unseen = _UNSEEN_WINDOWS * hours / (LEVEL_H if span < len(_NEAR_H) else FAR_H)
    if ratio == 1.0:
        return _frequency(of, gap, nearness, unseen)
    return 0.5 * (
        _frequency(of, gap / ratio, nearness, unseen) + _frequency(of, gap / np.sqrt(ratio), nearness, unseen)
    )


def _frequency(of: Rises, gap: Floats, nearness: Floats, unseen: float) -> Floats:
    hits = np.where(of.rise >= gap[:, None], of.weight, 0.0).sum(axis=-1)
    return np.asarray((hits + _UNSEEN_HITS * unseen * nearness) / (of.looks + unseen))


def _near(bins: Bins, levels: Floats, hours: int) -> Rises:
    reach = round(hours / LEVEL_H)
    peak = np.full_like(levels, np.nan)
    # Where no half hour is missing, as is usual, it is the maximum of the next `reach` levels.
    whole = bins[:, -1] - bins[:, 0] == bins.shape[1] - 1
    peak[whole, :-reach] = sliding.maxima(levels[whole], reach)[:, 1:]
    others = np.flatnonzero(~whole)
    if len(others):
        peak[others] = _peaks_across_gaps(bins[others], levels[others], reach)
    age = bins[:, -1:] - bins - reach
    rise = np.where(age >= 0, peak - levels, np.nan)
    return _weighed(rise, LEVEL_H * np.maximum(age, 0), hours)


def _peaks_across_gaps(bins: Bins, levels: Floats, reach: int) -> Floats:
    peak = np.full_like(levels, np.nan)
    for k in range(1, min(reach + 1, levels.shape[1])):
        within = bins[:, k:] - bins[:, :-k] <= reach
        np.fmax(peak[:, :-k], np.where(within, levels[:, k:], np.nan), out=peak[:, :-k])
    return peak


def _far(far_level: Singles, far_peak: Singles, hours: int) -> Rises:
    reach = hours // FAR_H
    rise = (sliding.maxima(far_peak, reach)[:, 1:] - far_level[:, :-reach]).astype(np.float64)
    age = np.arange(rise.shape[1] - 1, -1, -1)
    return _weighed(rise, FAR_H * age, hours)


def _weighed(rise: Floats, age_h: npt.NDArray[np.floating] | npt.NDArray[np.integer], hours: int) -> Rises:
    # w = exp(-age / max(24 h, 3 H))
    weight = np.where(np.isnan(rise), 0.0, np.exp(-age_h / max(24.0, 3.0 * hours)))
    return Rises(rise, weight, weight.sum(axis=-1))


def _take(of: Rises, rows: Places) -> Rises:
    return Rises(of.rise[rows], of.weight[rows], of.looks[rows])
