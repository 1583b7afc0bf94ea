"""When does it run out? Levels of many series, and how likely and when they reach their limits.

A slot follows one series under one rule. Its half-hourly levels are kept for a day (`levels`), coarser ones for a month
(`far`). Experts read them (`experts`); what they said is kept until it is settled, and weighs them (`looks`); their
mixture is what is predicted (`mixture`). Nothing is fitted, and nothing is assumed about the limit, which may change
from call to call. All of it happens when a half hour closes: a sample in between only adds to its minute.

Inside, all values are taken times the slot's direction, so that the limit is always above.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.arrays import Flags, Floats, Ints, Numbers, Places, Times
from models.capacity import experts, far, levels, looks, mixture, status
from models.capacity.experts import Course
from models.capacity.horizons import D7, H1, H24, HORIZONS
from models.layout import Field, Layout, SlotBank, Slots
from models.verification import record

LAYOUT: Layout = (
    Field("direction", "i1", (), 1, "-", "rule: +1 where the limit is above, -1 where it is below"),
    *levels.LAYOUT,
    *far.LAYOUT,
    *looks.LAYOUT,
    *status.LAYOUT,
)

_HOUR_MS = 3_600_000

# Slots handled at a time: what they need stays in the processor's cache.
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class CapacityPrediction:
    """Predictions of n slots; arrays of shape (n,), or (n, h) where a field says so.

    `ready` is false where there are fewer than `drift.INCREMENTS_MIN` increments; probabilities, times, drift and
    leaders say nothing there. At or over the limit the probabilities are 1 and the times 0.
    """

    ready: Flags
    within: Floats  # (n, h): the level reaches the limit within each of HOURS
    eta_h: Floats  # (n, 3): with probability 0.1, 0.5, 0.9; infinite: not within ETA_HORIZON_H
    drift_per_h: Floats  # in the series' own direction: negative when it falls
    level: Floats
    gap: Floats  # room left before the limit; zero or negative when it is reached
    levels_seen: Ints  # levels the day's drift may rest on, at most LEVELS + 1
    supported_h: Floats  # age of the history: a time beyond it is extrapolation
    status: npt.NDArray[np.int8]  # place in status.STATUSES
    leader: Places  # (n, h): place in looks.EXPERTS of the one with the largest weight
    looks_settled: npt.NDArray[np.int32]  # (n, h)
    brier: Floats  # (n, h): mean of (p - outcome)² over settled looks; NaN before the first
    base_brier: Floats  # (n, h): the same of the frequency of crossings, as it was at each look


class CapacityBank(SlotBank):
    """The levels and looks of `capacity` slots."""

    def __init__(self, capacity: int) -> None:
        super().__init__(LAYOUT, capacity)

    def reset(self, slots: Slots, direction: npt.NDArray[np.integer]) -> None:
        """Forget these slots, and give them their direction; shapes (n,), +1 where the limit is above, -1 below."""
        self.clear(slots)
        self.arrays["direction"][slots] = direction

    def update(self, slots: Slots, timestamp_ms: Times, value: Floats, limit: Floats) -> Places:
        """Add one sample to each of the (distinct) slots.

        Parameters
        ----------
        slots, timestamp_ms, value, limit
            Shape (n,); values finite, no slot's time going back, limits NaN where they are not known.

        Returns
        -------
        The places of those that are due to look ahead: `look` is what they are to be given next.
        """
        direction = self.arrays["direction"][slots]
        before = self.arrays["closed_bin"][slots, -1]
        closing = levels.add_samples(self.arrays, slots, timestamp_ms, direction * value)
        due = [closing[:0]]
        for start in range(0, len(closing), _CHUNK):
            places = closing[start : start + _CHUNK]
            due.append(places[self._close(slots[places], before[places], direction[places] * limit[places])])
        return np.concatenate(due)

    def _close(self, slots: Slots, before: Numbers, limit: Floats) -> Places:
        """Learn from half hours that have just closed; `before` are the numbers of those that closed before them.

        Returns the places of those that are due to look ahead.
        """
        arrays = self.arrays
        half_hour, level = arrays["closed_bin"][slots, -1], arrays["closed_level"][slots, -1]
        far.add_levels(arrays, slots, half_hour, level)
        looks.forget_other_limits(arrays, slots, limit)
        looks.drop_silent(arrays, slots, half_hour - before)
        # A limit that nobody knows now is taken for what it was, to settle by: else all that waits would be a miss.
        reached = level >= looks.limit_looked_for(arrays, slots, limit)
        looks.settle(arrays, slots, half_hour, reached)
        status.exhaust(arrays, slots[reached])
        ahead = np.flatnonzero(level < limit)
        return np.asarray(ahead[looks.due(arrays, slots[ahead], half_hour[ahead])])

    def look(self, slots: Slots, limit: Floats, paths: Floats | None = None) -> None:
        """Look ahead from the half hours that these slots have just closed.

        Parameters
        ----------
        slots, limit
            Shape (n,).
        paths
            What forecasts say, shape (n, h); NaN, as without it, is where no forecast reaches.
        """
        paths = _none_reaches(slots) if paths is None else paths
        limit = self.arrays["direction"][slots] * limit
        for start in range(0, len(slots), _CHUNK):
            part = slice(start, start + _CHUNK)
            self._look(slots[part], limit[part], paths[part])

    def _look(self, slots: Slots, limit: Floats, paths: Floats) -> None:
        course = experts.course_closed(self.arrays, slots)
        ready = np.flatnonzero(~np.isnan(course.day.per_h))
        if not len(ready):
            return
        slots, course = slots[ready], course.take(ready)
        half_hour = self.arrays["closed_bin"][slots, -1]
        opinions = experts.ask(self.arrays, slots, course, limit[ready] - course.level, paths[ready])
        within = mixture.mix(*opinions)
        looks.take(self.arrays, slots, half_hour, opinions.p, within)
        ended_ms = (half_hour.astype(np.int64) + 1) * levels.LEVEL_MS
        known = ended_ms - self.arrays["first_ms"][slots] >= status.KNOWN_H * _HOUR_MS
        status.follow(self.arrays, slots, known, within[:, H1], within[:, H24], within[:, D7])

    def predict(self, slots: Slots, limit: Floats, paths: Floats | None = None) -> CapacityPrediction:
        """When each slot's level reaches its limit, from its own last sample on; changes nothing.

        Parameters
        ----------
        slots, limit
            Shape (n,).
        paths
            What forecasts say, shape (n, h); NaN, as without it, is where no forecast reaches.
        """
        paths = _none_reaches(slots) if paths is None else paths
        arrays = self.arrays
        direction = arrays["direction"][slots]
        limit = direction * limit
        course = experts.course_now(arrays, slots)
        gap = limit - course.level
        ready = ~np.isnan(course.day.per_h)
        within, eta = self._ahead(slots, course, gap, paths, np.flatnonzero(ready & (gap > 0.0)))
        fared = record(arrays, slots)
        return CapacityPrediction(
            ready=ready,
            within=within,
            eta_h=eta,
            drift_per_h=direction * course.day.per_h,
            level=direction * course.level,
            gap=gap,
            levels_seen=course.levels,
            supported_h=(arrays["last_ms"][slots] - arrays["first_ms"][slots]) / _HOUR_MS,
            status=np.where(gap <= 0.0, np.int8(status.EXHAUSTED), arrays["status"][slots]),
            leader=looks.weights(arrays, slots, ~np.isnan(paths)).argmax(axis=-1),
            looks_settled=fared.looks_settled,
            brier=fared.brier,
            base_brier=fared.base_brier,
        )

    def _ahead(self, slots: Slots, course: Course, gap: Floats, paths: Floats, ahead: Places) -> tuple[Floats, Floats]:
        """Probabilities (n, h) and times (n, 3), of the slots at places `ahead`; 1 and 0 elsewhere."""
        within, eta = np.ones((len(slots), HORIZONS)), np.zeros((len(slots), len(mixture.QUANTILES)))
        for start in range(0, len(ahead), _CHUNK):
            places = ahead[start : start + _CHUNK]
            of, room = course.take(places), gap[places]
            opinions = experts.ask(self.arrays, slots[places], of, room, paths[places])
            within[places] = mixture.mix(*opinions)
            eta[places] = mixture.times(within[places], room, of.day, of.month)
        return within, eta


def _none_reaches(slots: Slots) -> Floats:
    return np.full((len(slots), HORIZONS), np.nan)
