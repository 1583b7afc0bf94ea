"""Gains of the forecast bank's recursions, by maximum likelihood.

A part that a series does not have has no gain: a trend or a season must add more to the logarithm of the likelihood
than it has parameters (Akaike's criterion).

========================  =====================================================================================
level_fast                ETS(A, N, N)
trend_fast_level, ..      ETS(A, Ad, N) with the damping of the expert
short_profile, long_..    ETS(A, N, A) over the cycle in bins; its level forgets in one cycle, as the expert's does
========================  =====================================================================================

The others can't be told by a likelihood. `level_slow` is slow so that it differs from the fast one; `short_level` and
`long_level` follow the series step by step, while a season is fitted in bins. They keep their defaults.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from models.arrays import Floats
from models.fit.course import STEPS_MIN, Course, in_bins, newest, varies
from models.fit.ets import Estimate, Form, estimate
from models.forecast.cycles import DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS, YEAR_MS, Cycle, long_cycle, short_cycle
from models.forecast.experts.trends import PHI
from models.forecast.params import Gains

BIN_MS = {HOUR_MS: 5 * MINUTE_MS, DAY_MS: HOUR_MS, WEEK_MS: HOUR_MS, YEAR_MS: WEEK_MS}
"""Width of the bins that a cycle is fitted in: with more of them a season has too many states."""

CYCLES_MIN = 3
SERIES_MIN = 5
"""A gain that fewer series tell of keeps its default."""
GAIN_MIN = 0.001
TREND_PARAMETERS = 2
"""The first slope and its gain; a season has its first states and its gain."""


class Fate(StrEnum):
    """What became of one fit."""

    FITTED = "fitted"
    YOUNG = "young"
    """Too few samples, or too many gaps."""
    DEGENERATE = "degenerate"
    """Hardly different values, or the optimiser found nothing."""
    ABSENT = "absent"
    """The series has no such trend or season."""


class SeriesFit(NamedTuple):
    """Gains of one series by their names, what became of each fit, and how often the optimiser complained."""

    gains: dict[str, float]
    fates: dict[str, Fate]
    complaints: int


class FleetFit(NamedTuple):
    """Gains of a fleet: the medians over its series.

    Attributes
    ----------
    gains
        Those that too few series tell of have their defaults.
    series
        How many series tell of each gain that was fitted.
    fates
        How many fits ended how.
    """

    gains: Gains
    series: dict[str, int]
    fates: Counter[Fate]
    complaints: int


def fit_series(course: Course) -> SeriesFit:
    """All gains that one series tells of."""
    found: dict[str, float] = {}
    fates: dict[str, Fate] = {}
    complaints = 0
    for name, fate, fitted, gains in (*_steps(course), *_seasons(course)):
        fates[name] = fate
        complaints += fitted.complaints if fitted is not None else 0
        found |= gains if fate is Fate.FITTED else {}
    return SeriesFit(found, fates, complaints)


def fit_fleet(fits: Iterable[SeriesFit]) -> FleetFit:
    """Medians over series."""
    fits = list(fits)
    found = {name: [fit.gains[name] for fit in fits if name in fit.gains] for name in Gains._fields}
    told = {name: values for name, values in found.items() if len(values) >= SERIES_MIN}
    medians = {name: max(round(float(np.median(values)), 3), GAIN_MIN) for name, values in told.items()}
    return FleetFit(
        gains=Gains(**medians),
        series={name: len(values) for name, values in told.items()},
        fates=Counter([fate for fit in fits for fate in fit.fates.values()]),
        complaints=sum([fit.complaints for fit in fits]),
    )


_Fitted = tuple[str, Fate, Estimate | None, dict[str, float]]


def _steps(course: Course) -> Iterator[_Fitted]:
    """The forms fitted step by step: a level, and a level with either trend."""
    values = newest(course.values, STEPS_MIN)
    fate = _unfit(values)
    if values is None or fate is not None:
        yield from [(name, fate or Fate.YOUNG, None, {}) for name in ("level_fast", *PHI)]
        return
    level = estimate(values, Form())
    yield "level_fast", _fate(level, -np.inf), level, {"level_fast": level.level}
    for name, phi in PHI.items():
        trend = estimate(values, Form(damping=phi))
        gains = {f"{name}_level": trend.level, name: trend.trend}
        yield name, _fate(trend, level.log_likelihood + TREND_PARAMETERS), trend, gains


def _seasons(course: Course) -> Iterator[_Fitted]:
    """The profiles of both cycles."""
    step_ms = np.array([course.step_ms])
    for name, cycle in (("short_profile", short_cycle(step_ms)), ("long_profile", long_cycle(step_ms))):
        yield _season(course, name, cycle)


def _season(course: Course, name: str, cycle: Cycle) -> _Fitted:
    period_ms = int(cycle.period_ms[0])
    bin_ms = max(BIN_MS.get(period_ms, 0), course.step_ms)
    period = period_ms // bin_ms
    if period < 2 or period_ms % bin_ms:
        return name, Fate.ABSENT, None, {}
    values = newest(in_bins(course, bin_ms), CYCLES_MIN * period)
    fate = _unfit(values)
    if values is None or fate is not None:
        return name, fate or Fate.YOUNG, None, {}
    # Whether there is a season is asked beside a level that is free: beside a slow one, any wandering looks like one.
    least = estimate(values, Form()).log_likelihood + period + 1
    fate = _fate(estimate(values, Form(period=period)), least)
    # alpha = 1 / m: the profile's level forgets in one cycle
    season = estimate(values, Form(period=period, level_gain=1.0 / period))
    return name, fate if season.has_converged else Fate.DEGENERATE, season, {name: season.season}


def _unfit(values: Floats | None) -> Fate | None:
    """Why there is nothing to fit; None where there is."""
    if values is None:
        return Fate.YOUNG
    return None if varies(values) else Fate.DEGENERATE


def _fate(found: Estimate, least: float) -> Fate:
    """Of a fit whose log-likelihood must exceed `least` for its part to be there."""
    if not found.has_converged:
        return Fate.DEGENERATE
    return Fate.FITTED if found.log_likelihood > least else Fate.ABSENT
