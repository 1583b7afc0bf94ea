"""How the forecasts that were published fared before: counts for those who watch a pipeline.

A vector of counts, replaced and never changed, so that two instants of it can be told apart and subtracted::

    forecasts by quality | skills by bucket | their sum | coverages by bucket | their sum

A forecast whose series nothing was compared of yet has neither skill nor coverage.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import Floats
from streams.metrics.distribution import Distribution
from streams.outputs.quality import Standing
from streams.schema import ForecastQuality

SKILL_BOUNDS = (-1.0, -0.5, -0.2, -0.1, 0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""From twice seasonal naive's loss to none at all."""
COVERAGE_BOUNDS = (0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
"""Around the four in five that an 80 % band is to hold."""

_QUALITIES = tuple(ForecastQuality)
_SKILL_AT = len(_QUALITIES)
_COVERAGE_AT = _SKILL_AT + len(SKILL_BOUNDS) + 2
_SIZE = _COVERAGE_AT + len(COVERAGE_BOUNDS) + 2

NO_MARKS: Floats = np.zeros(_SIZE)


def marks_of(standings: Sequence[Standing]) -> Floats:
    """The marks of some forecasts."""
    marks = NO_MARKS.copy()
    for standing in standings:
        marks[_QUALITIES.index(standing.quality)] += 1
    figures = np.array([(standing.skill, standing.coverage_80) for standing in standings]).reshape(-1, 2)
    for at, bounds, column in ((_SKILL_AT, SKILL_BOUNDS, 0), (_COVERAGE_AT, COVERAGE_BOUNDS, 1)):
        known = figures[~np.isnan(figures[:, column]), column]
        # As Prometheus has it, a bound belongs to the bucket below it.
        places = np.searchsorted(np.array(bounds), known, side="left")
        marks[at : at + len(bounds) + 1] = np.bincount(places, minlength=len(bounds) + 1)
        marks[at + len(bounds) + 1] = known.sum()
    return marks


def qualities_in(marks: Floats) -> dict[ForecastQuality, float]:
    """Forecasts by quality."""
    return dict(zip(_QUALITIES, marks.tolist(), strict=False))


def skills_in(marks: Floats) -> Distribution:
    """Their skill against seasonal naive."""
    return _distribution(marks, _SKILL_AT, SKILL_BOUNDS)


def coverages_in(marks: Floats) -> Distribution:
    """The share of values that lay in their 80 % band."""
    return _distribution(marks, _COVERAGE_AT, COVERAGE_BOUNDS)


def _distribution(marks: Floats, at: int, bounds: tuple[float, ...]) -> Distribution:
    end = at + len(bounds) + 1
    return Distribution(bounds, tuple(marks[at:end].tolist()), float(marks[end]))
