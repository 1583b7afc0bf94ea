"""The alert budget: the threshold at which ordinary days open so many incidents, and no more.

An incident opens when the largest score of all entities passes the threshold after it was below for some minutes. So
of each minute the thresholds are counted at which one would have opened then: those above the largest score of the
minutes before, and below that of this one. The counts say how often each threshold opens an incident, however long
signs last. A rarer one is where the distance between two frequent ones leads on, as an exponential tail has it.

Incidents that really are must not raise the threshold for others. So a minute with a sign counts for nothing, and of
the incidents that it may have opened as many are taken for chance as the budget allows. A large budget leaves too
little below its threshold to tell the tail from: then signs are counted like all else.
"""

from dataclasses import dataclass, field
from math import ceil, log
from typing import NamedTuple

import numpy as np

from models.arrays import Floats

CELLS = 400
CELLS_PER_UNIT = 10
MEMORY_MINUTES = 1440
MINUTES_PER_DAY = 1440

OFTEN_PER_DAY, SELDOM_PER_DAY = 24.0, 12.0
"""The two rates that are read from a day's counts; rarer ones follow from them."""

PRIOR_OFTEN, PRIOR_SELDOM = 5.5, 6.5
PRIOR_MINUTES = 120.0
"""Before much is counted, the thresholds of a fleet that is none of the calmest."""

THRESHOLD_MIN = 1.0
"""One deviation, which is a doubling at least: less is nothing to tell of, however calm a scope is."""

LEAVES_OUT_MAX = SELDOM_PER_DAY / 3
"""Up to this budget minutes with signs are left out. Beyond it that would feed on itself: a threshold that is too low
leaves more out, and falls."""

STRAY_MINUTES = 4

GAP_MINUTES_MAX = 60
"""Minutes without scores, as slow series have them, count as calm, but no more than so many at once: a longer
silence may be that of the telemetry."""


class Largest(NamedTuple):
    """The largest score of a minute."""

    minute: int
    score: float


@dataclass(slots=True)
class Openings:
    """How often each threshold would have opened an incident; older minutes fade.

    Attributes
    ----------
    counts
        Openings at each threshold, of shape (CELLS,): cell k has the threshold k / CELLS_PER_UNIT.
    minutes
        Minutes they are of.
    recent
        The largest scores of minutes that an incident could go on from, the oldest first.
    """

    counts: Floats = field(default_factory=lambda: np.zeros(CELLS))
    minutes: float = 0.0
    recent: list[Largest] = field(default_factory=list)


def count(openings: Openings, largest: Largest, quiet_minutes: int, *, is_left_out: bool) -> None:
    """Add a minute, later than all before, and those without scores up to it.

    After more than `quiet_minutes` another incident opens.
    """
    before = openings.recent
    passed = min(largest.minute - before[-1].minute, GAP_MINUTES_MAX) if before else 1
    # c = k c;  n = k n + 1440 (1 - k);  k = (1 - 1/1440)^passed
    keep = (1.0 - 1.0 / MEMORY_MINUTES) ** passed
    openings.counts *= keep
    openings.minutes = openings.minutes * keep + MEMORY_MINUTES * (1.0 - keep)
    recent = [each for each in before if each.minute >= largest.minute - quiet_minutes]
    if before and openings.minutes >= quiet_minutes and not is_left_out:
        standing = max([each.score for each in recent], default=0.0)
        openings.counts[_cell(standing) : _cell(largest.score)] += 1.0
    openings.recent = [*recent, largest]


def of_minutes(minutes: Floats) -> Openings:
    """Openings, from minutes counted by their largest score, as states of format 1 have them.

    A stray sample is remembered for four minutes, so these are one opening.
    """
    passed = minutes[::-1].cumsum()[::-1]
    return Openings(passed / STRAY_MINUTES, float(minutes.sum()))


def leaves_out_signs(per_day: float) -> bool:
    """Whether minutes with signs are left out under this budget."""
    return per_day <= LEAVES_OUT_MAX


def threshold(openings: Openings, per_day: float) -> float:
    """The score that ordinary minutes pass, after quiet ones, `per_day` times a day."""
    prior = _tail(PRIOR_OFTEN, PRIOR_SELDOM, per_day)
    # w = (120 / (120 + n))^2;  t = w t_prior + (1 - w) t_own
    weight = (PRIOR_MINUTES / (PRIOR_MINUTES + openings.minutes)) ** 2
    return max(THRESHOLD_MIN, weight * prior + (1.0 - weight) * _own(openings, per_day, prior))


def _own(openings: Openings, per_day: float, prior: float) -> float:
    """What the counts say; no less than the prior while they are of too short a time to hold one of the rarest."""
    seldom_per_day = max(per_day, SELDOM_PER_DAY)
    left_out = per_day if leaves_out_signs(per_day) else 0.0
    seldom_times = _times(openings, seldom_per_day - left_out)
    own = _passed(openings.counts, seldom_times)
    if per_day < SELDOM_PER_DAY:
        own = _tail(_passed(openings.counts, _times(openings, OFTEN_PER_DAY - left_out)), own, per_day)
    return own if seldom_times > 0.0 else max(own, prior)


def _tail(often: float, seldom: float, per_day: float) -> float:
    """The threshold of a rate, from those of two others."""
    # t = t_24 + (t_12 - t_24) log(24 / r) / log(24 / 12)
    return often + (seldom - often) * log(OFTEN_PER_DAY / per_day) / log(OFTEN_PER_DAY / SELDOM_PER_DAY)


def _times(openings: Openings, rate: float) -> float:
    """So often a rate has come, less one: the next one may be the largest of all, and counts as if it had come."""
    # r n / 1440 - 1
    return max(0.0, rate * openings.minutes / MINUTES_PER_DAY - 1.0)


def _passed(counts: Floats, times: float) -> float:
    """The largest threshold that was passed more often than that; where none was, the one that was most often."""
    above = np.flatnonzero(counts > times)
    if not len(above):
        return int(counts.argmax()) / CELLS_PER_UNIT
    last = int(above[-1])
    here, beyond = [float(each) for each in (*counts[last : last + 2], 0.0)[:2]]
    return (last + (here - times) / (here - beyond)) / CELLS_PER_UNIT


def _cell(value: float) -> int:
    """The first cell whose threshold a value does not pass."""
    return ceil(min(max(value, 0.0) * CELLS_PER_UNIT, CELLS))
