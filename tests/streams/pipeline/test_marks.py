"""Counts of how published forecasts fared before."""

from math import nan

import numpy as np

from streams.outputs.quality import Standing
from streams.pipeline.marks import NO_MARKS, coverages_in, marks_of, qualities_in, skills_in
from streams.schema import ForecastQuality


def standing(quality: str, skill: float, coverage_80: float) -> Standing:
    return Standing(ForecastQuality(quality), skill, coverage_80, np.zeros(1), np.zeros(1))


def test_forecasts_are_counted_by_quality_skill_and_coverage() -> None:
    forecasts = [("ok", 0.1, 0.8), ("ok", 0.11, 0.81), ("unfit", -7.0, 0.0), ("warming", nan, nan)]
    marks = marks_of([standing(*each) for each in forecasts])
    assert qualities_in(marks) == {"ok": 2, "warming": 1, "unfit": 1, "stale": 0}
    skills, coverages = skills_in(marks), coverages_in(marks)
    assert dict(zip(skills.bounds, skills.counts, strict=False)) == dict.fromkeys(skills.bounds, 0) | {
        -1.0: 1, 0.1: 1, 0.2: 1,
    }  # fmt: skip
    assert dict(zip(coverages.bounds, coverages.counts, strict=False)) == dict.fromkeys(coverages.bounds, 0) | {
        0.3: 1, 0.8: 1, 0.85: 1,
    }  # fmt: skip
    assert round(skills.total, 9) == 0.21 - 7.0
    assert round(coverages.total, 9) == 1.61


def test_marks_add_up_and_the_empty_ones_stay_empty() -> None:
    one = marks_of([standing("ok", 2.0, 1.0)])
    assert skills_in(one + one).counts[-1] == 2
    assert not NO_MARKS.any()
    assert not marks_of([]).any()
