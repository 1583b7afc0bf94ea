"""Surprise: how rare a sample is among those its own series has shown, in [0, 1].

Two distances are looked at, each in the series' own scale: from the centre of its long history, a mean of winsorised
samples, and from the fast level, which is the forecast one step ahead. Their binary logarithms are added and ranked in
a histogram of the series' earlier sums, so that 0.99 means the same for every series: one in a hundred of its samples
is as surprising. A sample that is where it was expected to the last bit scores 0.
"""

import numpy as np
import numpy.typing as npt

from models.layout import Arrays, Field, Slots

Floats = npt.NDArray[np.float64]

CELLS = 96
CELLS_PER_OCTAVE = 6
COUNT_MAX = 60_000
"""A histogram that reaches this count in one cell is halved: the past fades."""
GAIN_MIN = 1.0 / 2000.0
WINSORISE_AFTER = 50
WINSORISE_DEVIATIONS = 5.0
UNSEEN = 1000.0
"""Distance given to a change in a series that never changed before."""

LAYOUT = (
    Field("centre", "f8", (), 0, "y", "centre of the long history"),
    Field("deviation", "f8", (), 0, "y", "mean absolute deviation from it"),
    Field("surprises", "u2", (CELLS,), 0, "samples", "histogram of past surprises"),
)


def score(state: Arrays, slots: Slots, value: Floats) -> Floats:
    """Score one sample each against what the series knew before it, then learn it. `count` is before the sample."""
    count = state["count"][slots]
    error = np.where(count > 0, value - state["centre"][slots], 0.0)
    far = _distance(error, state["deviation"][slots])
    sudden = _distance(np.where(count > 0, value - state["level_fast"][slots], 0.0), state["scale"][slots])
    surprise = np.log2(1.0 + far) + np.log2(1.0 + sudden)
    result = _rank(state, slots, surprise)
    _learn_centre(state, slots, value, error, count)
    return result


def _distance(error: Floats, scale: Floats) -> Floats:
    size = np.abs(error)
    ratio = size / np.where(scale > 0, scale, 1.0)
    return np.where(scale > 0, np.minimum(ratio, UNSEEN), np.where(size > 0, UNSEEN, 0.0))


def _rank(state: Arrays, slots: Slots, surprise: Floats) -> Floats:
    """Share of the earlier samples that surprised less, ties counted half."""
    cell = np.minimum((CELLS_PER_OCTAVE * surprise).astype(np.int64), CELLS - 1)
    rows = np.arange(len(slots))
    through = np.cumsum(state["surprises"][slots], axis=1, dtype=np.int32)
    at = state["surprises"][slots, cell].astype(np.int32)
    # (below + at / 2) / (total + 1)
    share = (through[rows, cell] - 0.5 * at) / (through[:, -1] + 1.0)
    state["surprises"][slots, cell] = at + 1
    full = slots[at + 1 >= COUNT_MAX]
    if len(full):
        state["surprises"][full] //= 2
    return np.where(surprise > 0, share, 0.0)


def _learn_centre(state: Arrays, slots: Slots, value: Floats, error: Floats, count: npt.NDArray[np.int64]) -> None:
    gain = np.maximum(GAIN_MIN, 1.0 / (count + 1.0))
    deviation = state["deviation"][slots]
    limit = WINSORISE_DEVIATIONS * deviation
    # A deviation of zero limits nothing, or a series that began constant would have it for good.
    settled = (count >= WINSORISE_AFTER) & (deviation > 0)
    held = np.where(settled, np.minimum(np.maximum(error, -limit), limit), error)
    # m += g e;  d += g (|e| - d)
    state["centre"][slots] = np.where(count > 0, state["centre"][slots] + gain * held, value)
    state["deviation"][slots] = deviation + gain * (np.abs(held) - deviation)
