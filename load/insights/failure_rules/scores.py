"""What came, and the Brier scores of what was told."""

from typing import NamedTuple

import numpy as np

from load.insights.failure_rules.courses import Course
from load.insights.failure_rules.play import Rule, Told
from models.arrays import Flags, Floats, Ints

EVENTS_MIN = 3
"""A series that broke less often has nothing to say of skill."""

_NEVER = np.iinfo(np.int64).max // 2


class Scores(NamedTuple):
    """Mean squared errors within one horizon; of the path NaN where forecasts end before it."""

    looks: int
    mixture: float
    frequency: float
    path: float
    base: float


def openings(course: Course, threshold: float, for_ms: int, step_ms: int) -> Ints:
    """The steps at which a failure opens: what the bank is to say of the future, found by looking at it.

    A silence of up to the longer of `for_ms` and a step is bridged, a longer one ends a run.
    """
    opened, began = [], None
    before, is_open = int(course.step[0]), False
    for step, is_past in zip(course.step.tolist(), (course.value > threshold).tolist(), strict=True):
        if not is_past or (step - before - 1) * step_ms > max(for_ms, step_ms):
            began, is_open = None, False
        if is_past:
            began = step if began is None else began
            if not is_open and (step - began + 1) * step_ms >= for_ms:
                opened.append(step)
                is_open = True
        before = step
    return np.array(opened, np.int64)


def score(told: Told, courses: list[Course], rule: Rule, step_ms: int, within_ms: int, place: int) -> Scores:
    """Scores of one horizon over all courses that broke often enough, as far as their recordings tell what came."""
    came, known = np.zeros(len(told.step), np.bool_), np.zeros(len(told.step), np.bool_)
    for number, course in enumerate(courses):
        rows = np.flatnonzero(told.course == number)
        opened = openings(course, float(rule.threshold[number]), rule.for_ms, step_ms)
        if len(opened) >= EVENTS_MIN:
            next_opened = np.append(opened, _NEVER)[np.searchsorted(opened, told.step[rows], side="right")]
            came[rows] = next_opened - told.step[rows] <= within_ms // step_ms
            known[rows] = came[rows] | (told.step[rows] + within_ms // step_ms <= course.step[-1])
    parts = [_brier(said[known, place], came[known]) for said in told[2:]]
    return Scores(int(known.sum()), *parts)


def _brier(said: Floats, came: Flags) -> float:
    return float(np.square(said - came).mean()) if len(said) else np.nan
