"""Looks: predictions that are kept until their outcome is known, and the frequencies that come of them.

LOOKS_PER_WINDOW times per `within_ms` of event time, outside an episode, the slot's condition is looked at and what
would be predicted is noted. A look is settled as a hit when an episode opens within `within_ms` after it, as a miss
when that time has passed in the data without one. After a silence its outcome is unknown, and it is dropped.

The condition is how far the current run has come on its way to an episode, crossed with how long ago the last episode
was: incidents come in clusters. Each condition's hit frequency is drawn towards the slot's overall one with the weight
of one hit, so that a rare condition is not believed on few looks; the overall one is drawn towards a prior with the
weight of one window of looks, which overlap and are worth about one independent trial together.
"""

import numpy as np
import numpy.typing as npt

from models.failure.episodes import NONE
from models.layout import Arrays, Field, Slots

LOOKS_PER_WINDOW = 12
PENDING_MAX = 16
# A window touches at most one cell of the look grid more than it is long, and a new look comes before the oldest goes.
assert LOOKS_PER_WINDOW + 2 <= PENDING_MAX

# Before anything is known: one look in a hundred is followed by an episode.
_PRIOR = 0.01
_PRIOR_LOOKS = float(LOOKS_PER_WINDOW)

# A frequency forgets: it weighs its last looks as a mean of about this many does.
_MEMORY_LOOKS = 1000.0
_KEEP = 1.0 - 1.0 / _MEMORY_LOOKS

_RUN_CLASSES = 3
_SINCE_EDGES = (0.25, 1.0, 2.0, 4.0)
CONDITIONS = _RUN_CLASSES * (len(_SINCE_EDGES) + 1)

LAYOUT = (
    Field("within_ms", "i8", (), 0, "ms", "rule: how far ahead an episode is predicted"),
    Field("look_cell", "i8", (), NONE, "cell", "cell of the look grid of the last look"),
    Field("pending", "i2", (), 0, "looks", "looks waiting for their outcome"),
    Field("oldest", "i2", (), 0, "place", "place of the oldest of them in the ring below"),
    Field("look_ms", "i8", (PENDING_MAX,), 0, "ms", "event time of the look"),
    Field("look_condition", "i1", (PENDING_MAX,), 0, "-", "its condition"),
    Field("look_p", "f8", (PENDING_MAX,), 0.0, "-", "what was predicted at it"),
    Field("look_base", "f8", (PENDING_MAX,), 0.0, "-", "what the overall frequency was at it"),
    Field("hits", "f8", (CONDITIONS,), 0.0, "looks", "settled hits of each condition, fading"),
    Field("looks", "f8", (CONDITIONS,), 0.0, "looks", "settled looks of each condition, fading"),
    Field("all_hits", "f8", (), 0.0, "looks", "settled hits, fading"),
    Field("all_looks", "f8", (), 0.0, "looks", "settled looks, fading"),
    Field("looks_settled", "i8", (), 0, "looks", "settled looks, all of them"),
    Field("square_error", "f8", (), 0.0, "-", "sum of (p - outcome)² over settled looks"),
    Field("base_square_error", "f8", (), 0.0, "-", "the same of the overall frequency"),
)

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Conditions = npt.NDArray[np.int8]


def condition(arrays: Arrays, slots: Slots) -> Conditions:
    """The class each slot is in now, in [0, CONDITIONS)."""
    # No run, a run in its first half, a run past it.
    run_ms = arrays["run_ms"][slots]
    run = (run_ms > 0).astype(np.int8) + (2 * run_ms > arrays["for_ms"][slots])
    # Time since the last episode, in windows; a slot without one counts as long ago.
    episode_ms = arrays["episode_ms"][slots]
    windows = (arrays["last_ms"][slots] - episode_ms) / arrays["within_ms"][slots]
    since = np.zeros(len(slots), np.int8)
    for edge in _SINCE_EDGES:
        since += (windows > edge) | (episode_ms == NONE)
    return (_RUN_CLASSES * since + run).astype(np.int8)


def frequencies(arrays: Arrays, slots: Slots, conditions: Conditions) -> tuple[Floats, Floats]:
    """The probability under each slot's condition, and its overall frequency."""
    # f = (hits + n₀ prior) / (looks + n₀)
    base = (arrays["all_hits"][slots] + _PRIOR_LOOKS * _PRIOR) / (arrays["all_looks"][slots] + _PRIOR_LOOKS)
    # p = (hits_c + 1) / (looks_c + 1/f)
    return (arrays["hits"][slots, conditions] + 1.0) / (arrays["looks"][slots, conditions] + 1.0 / base), base


def drop(arrays: Arrays, slots: Slots) -> None:
    """Forget the pending looks: their outcome will never be known."""
    arrays["pending"][slots] = 0


def settle(arrays: Arrays, slots: Slots, timestamp_ms: Times, opened: Flags) -> None:
    """Settle what a sample at `timestamp_ms`, with which an episode did or did not open, decides; oldest first."""
    for _ in range(PENDING_MAX):
        place = arrays["oldest"][slots]
        age_ms = timestamp_ms - arrays["look_ms"][slots, place]
        within_ms = arrays["within_ms"][slots]
        due = (arrays["pending"][slots] > 0) & (opened | (age_ms >= within_ms))
        if not due.any():
            return
        slots, timestamp_ms, opened = slots[due], timestamp_ms[due], opened[due]
        _settle_oldest(arrays, slots, (opened & (age_ms[due] <= within_ms[due])).astype(np.float64))


def _settle_oldest(arrays: Arrays, slots: Slots, outcome: Floats) -> None:
    place = arrays["oldest"][slots]
    conditions = arrays["look_condition"][slots, place]
    arrays["hits"][slots, conditions] = _KEEP * arrays["hits"][slots, conditions] + outcome
    arrays["looks"][slots, conditions] = _KEEP * arrays["looks"][slots, conditions] + 1.0
    arrays["all_hits"][slots] = _KEEP * arrays["all_hits"][slots] + outcome
    arrays["all_looks"][slots] = _KEEP * arrays["all_looks"][slots] + 1.0
    arrays["looks_settled"][slots] += 1
    # Brier: each prediction against what came of it
    error, base_error = arrays["look_p"][slots, place] - outcome, arrays["look_base"][slots, place] - outcome
    arrays["square_error"][slots] += error * error
    arrays["base_square_error"][slots] += base_error * base_error
    arrays["oldest"][slots] = (place + 1) % PENDING_MAX
    arrays["pending"][slots] -= 1


def take(arrays: Arrays, slots: Slots, timestamp_ms: Times) -> None:
    """Look at the slots that are outside an episode and in a new cell of their look grid."""
    cell = timestamp_ms // np.maximum(arrays["within_ms"][slots] // LOOKS_PER_WINDOW, 1)
    new = (cell > arrays["look_cell"][slots]) & ~arrays["in_episode"][slots]
    slots, timestamp_ms = slots[new], timestamp_ms[new]
    place = (arrays["oldest"][slots] + arrays["pending"][slots]) % PENDING_MAX
    conditions = condition(arrays, slots)
    arrays["look_p"][slots, place], arrays["look_base"][slots, place] = frequencies(arrays, slots, conditions)
    arrays["look_condition"][slots, place] = conditions
    arrays["look_ms"][slots, place] = timestamp_ms
    arrays["look_cell"][slots] = cell[new]
    arrays["pending"][slots] += 1
