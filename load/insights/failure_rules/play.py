"""Courses through the forecast and the failure bank, as a pipeline feeds them, and what is told of a rule meanwhile."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from load.insights.failure_rules.courses import Course
from models.arrays import Floats, Ints
from models.failure import looks, tracks
from models.failure.bank import FailureBank
from models.forecast.bank import ForecastBank
from streams.pipeline.emission import SAMPLES_MIN
from streams.pipeline.paths import Passing, Paths
from streams.settings.forecast import ForecastSettings

FORECAST = ForecastSettings()


class Rule(NamedTuple):
    """Above a threshold, one of each course, for so long, within so long."""

    threshold: Floats
    for_ms: int
    within_ms: int


class Told(NamedTuple):
    """What was said outside episodes, n times; shapes (n,) and of what is of each horizon (n, tracks.HORIZONS)."""

    course: Ints
    step: Ints
    mixture: Floats
    frequency: Floats
    path: Floats  # NaN where the forecast ends before the horizon
    base: Floats


def play(courses: Sequence[Course], step_ms: int, rule: Rule) -> Told:
    """Feed the n-th samples of all courses together; what is told with the first sample of each emission interval."""
    player = _Player(len(courses), step_ms, rule)
    lengths, every = np.array([len(each.step) for each in courses]), np.arange(len(courses))
    told, emitted = [], np.full(len(courses), -1)
    for n in range(int(lengths.max())):
        slots = every[lengths > n]
        step = np.array([courses[slot].step[n] for slot in slots.tolist()])
        player.learn(slots, step, np.array([courses[slot].value[n] for slot in slots.tolist()]))
        interval = step // FORECAST.emit_every
        due = (interval != emitted[slots]) & (player.forecasts.arrays["count"][slots] >= SAMPLES_MIN)
        if due.any():
            emitted[slots[due]] = interval[due]
            told.append(player.tell(slots[due], step[due]))
    return Told(*[np.concatenate(part) for part in zip(*told, strict=True)])


class _Player:
    def __init__(self, courses: int, step_ms: int, rule: Rule) -> None:
        self.step_ms, self.rule = step_ms, rule
        self.forecasts = ForecastBank(FORECAST.horizon, np.array(FORECAST.quantiles))
        self.forecasts.reserve(courses)
        self.failures = FailureBank(courses)
        self.paths = Paths(self.forecasts, {"step_ms": np.full(courses, step_ms)})
        above, every = np.ones(courses, np.int64), np.arange(courses)
        self.failures.reset(
            every, rule.threshold, above, np.full(courses, rule.for_ms), np.full(courses, rule.within_ms)
        )

    def learn(self, slots: Ints, step: Ints, value: Floats) -> None:
        steps_ms = np.full(len(slots), self.step_ms)
        new = self.forecasts.arrays["count"][slots] == 0
        if new.any():
            self.forecasts.start(slots[new], steps_ms[new], step[new], value[new])
        self.forecasts.update(slots, step, value)
        self.failures.update(slots, step * self.step_ms, value, steps_ms)

    def tell(self, slots: Ints, step: Ints) -> Told:
        arrays = self.failures.arrays
        self.paths.hold(slots, self.forecasts.forecast(slots, step, self.forecasts.horizons.anchors))
        passing = Passing(self.rule.threshold[slots], 1, self.rule.for_ms, arrays["run_ms"][slots])
        within_ms, _ = tracks.horizons_ms(self.rule.within_ms)
        path = self.paths.within(slots, passing, within_ms)
        frequency, base = looks.frequencies(arrays, slots, looks.condition(arrays, slots))
        every_ms = np.full(len(slots), FORECAST.emit_every * self.step_ms)
        said = self.failures.publish(slots, step * self.step_ms, path, every_ms)
        calm, mixture = ~said.breaking, _of_horizons(self.failures, slots, said.p, said.p_standard)
        return Told(slots[calm], step[calm], mixture[calm], frequency[calm], path[calm], base[calm])


def _of_horizons(bank: FailureBank, slots: Ints, own: Floats, standard: Floats) -> Floats:
    """What was published, by the places of the horizons; NaN in place of one that is unused."""
    arrays, every = bank.arrays, np.arange(len(slots))
    of_own = arrays["own"][slots].astype(np.int64)
    p = np.full((len(slots), tracks.HORIZONS), np.nan)
    np.put_along_axis(p, tracks.standard_places(of_own, arrays["within_ms"][slots]), standard, axis=1)
    p[every, of_own] = own
    return p
