"""Courses: samples of the compared series on their grid, cut at the origins."""

import numpy as np
import pytest

from load.backtest.baselines.contract import STEPS_KEPT_MIN
from load.backtest.courses import Courses
from load.backtest.history import Learned
from load.backtest.plan import Plan
from models.layout import allocate
from streams.pipeline import grid as grids
from streams.pipeline.catalog import Catalog, Entry
from streams.series import parse_series

MINUTE_MS = 60_000


def courses_of(series_max: int, *names: str, step_ms: int = MINUTE_MS, origins: tuple[int, ...] = (10, 13)) -> Courses:
    catalog, grid = Catalog(10), allocate(grids.LAYOUT, len(names))
    grid["step_ms"][:] = step_ms
    for name in names:
        catalog.allot(Entry(name, parse_series(name), "", "telemetry"))
    return Courses(Plan(step_ms, 3, tuple([origin * step_ms for origin in origins])), series_max, catalog, grid)


def learn(courses: Courses, step: int, **values: float) -> None:
    slots = np.array([int(key[1:]) for key in values])
    courses.learn(Learned(slots, np.full(len(slots), step), np.array(list(values.values()))))


def test_gaps_are_kept_and_origins_count_the_steps_up_to_them() -> None:
    courses = courses_of(5, "a", "b")
    for step in (8, 9, 12, 14):
        learn(courses, step, s0=float(step), s1=-float(step))
    learn(courses, 15, s0=15.0)
    first, second = courses.all()
    assert (first.name, second.name) == ("a", "b")
    assert first.values == pytest.approx([8, 9, np.nan, np.nan, 12, np.nan, 14, 15], nan_ok=True)
    # Steps 8, 9, 10 are known at origin 10; 8 to 13 at origin 13.
    assert first.origins == second.origins == (3, 6)
    assert len(second.values) == 7


def test_a_series_that_begins_after_an_origin_has_no_step_there() -> None:
    courses = courses_of(5, "a")
    learn(courses, 12, s0=1.0)
    learn(courses, 13, s0=2.0)
    assert courses.all()[0].origins == (0, 2)


def test_only_the_sample_is_kept() -> None:
    courses = courses_of(1, "a", "b", "c")
    learn(courses, 9, s0=0.0, s1=1.0, s2=2.0)
    (course,) = courses.all()
    assert courses.names == [course.name]
    assert course.values.tolist() == [float("abc".index(course.name))]


def test_nothing_is_kept_from_before_any_baseline_looks_back() -> None:
    """A step of ten days has a season of a year, 36 steps; ten of these are less than the least that is kept."""
    step_ms = 10 * 24 * 60 * MINUTE_MS
    courses = courses_of(5, "a", step_ms=step_ms, origins=(3000,))
    learn(courses, 3000 - STEPS_KEPT_MIN, s0=1.0)
    learn(courses, 3001 - STEPS_KEPT_MIN, s0=2.0)
    assert courses.all()[0].values.tolist() == [2.0]
    assert courses.all()[0].season == 36


def test_without_samples_there_is_no_course() -> None:
    assert courses_of(5, "a").all() == []
