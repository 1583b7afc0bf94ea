"""Which gains a series tells of, and the medians of a fleet."""

import numpy as np
import pytest

from models.arrays import Floats
from models.fit.course import Course
from models.fit.gains import Fate, SeriesFit, fit_fleet, fit_series
from models.forecast.params import DEFAULTS

HOUR_MS = 3_600_000
DAY_STEPS = 288
RNG = np.random.default_rng


def course(values: Floats, step_ms: int = HOUR_MS // 12) -> Course:
    return Course(step_ms, 5_900_000, values)


def walk(samples: int, alpha: float) -> Floats:
    """A level that follows alpha of each unit error."""
    errors = RNG(1).normal(size=samples)
    return errors + alpha * (np.cumsum(errors) - errors)


def test_a_level_alone_tells_of_the_level_alone() -> None:
    found = fit_series(course(walk(1_200, 0.2)))
    assert found.gains == {"level_fast": pytest.approx(0.2, abs=0.06)}
    assert found.fates["level_fast"] is Fate.FITTED
    assert found.fates["trend_fast"] is found.fates["trend_slow"] is found.fates["short_profile"] is Fate.ABSENT
    assert found.fates["long_profile"] is Fate.YOUNG


def test_a_profile_that_stays_has_a_small_gain() -> None:
    steps = np.arange(6 * DAY_STEPS)
    found = fit_series(course(10 * np.sin(2 * np.pi * steps / DAY_STEPS) + RNG(2).normal(size=len(steps))))
    assert found.fates["short_profile"] is Fate.FITTED
    assert found.gains["short_profile"] < 0.1


def test_a_week_is_fitted_by_the_hour() -> None:
    hours = np.arange(4 * 168)
    found = fit_series(course(10.0 * (hours % 168 < 48) + RNG(3).normal(size=len(hours)), HOUR_MS))
    assert found.fates["long_profile"] is Fate.FITTED


def test_a_trend_has_both_gains_of_its_damping() -> None:
    ramps = np.abs(np.arange(1_200) % 400 - 200.0) + RNG(4).normal(size=1_200)
    found = fit_series(course(ramps))
    assert found.fates["trend_fast"] is found.fates["trend_slow"] is Fate.FITTED
    assert {"trend_fast_level", "trend_fast", "trend_slow_level", "trend_slow"} <= found.gains.keys()


@pytest.mark.parametrize(
    ("values", "fate"),
    [
        (np.arange(199.0), Fate.YOUNG),
        (np.where(np.arange(600) % 5, np.arange(600.0), np.nan), Fate.YOUNG),
        (np.full(600, 7.0), Fate.DEGENERATE),
        (np.arange(600.0) % 9, Fate.DEGENERATE),
    ],
)
def test_young_and_degenerate_series_tell_nothing(values: Floats, fate: Fate) -> None:
    found = fit_series(course(values))
    assert found.fates["level_fast"] is found.fates["trend_fast"] is fate
    assert "level_fast" not in found.gains


def one(complaints: int = 0, **gains: float) -> SeriesFit:
    return SeriesFit(gains, dict.fromkeys(gains, Fate.FITTED), complaints)


def test_a_fleet_has_the_medians_of_its_series() -> None:
    fleet = fit_fleet([one(level_fast=gain) for gain in (0.1, 0.2, 0.4, 0.9, 1.0)])
    assert fleet.gains == DEFAULTS.gains._replace(level_fast=0.4)
    assert fleet.series == {"level_fast": 5}


def test_a_gain_that_few_series_tell_of_keeps_its_default() -> None:
    fleet = fit_fleet([one(level_fast=0.4)] * 4)
    assert fleet.gains == DEFAULTS.gains
    assert not fleet.series


def test_a_gain_is_never_zero() -> None:
    assert fit_fleet([one(trend_fast=1e-6)] * 5).gains.trend_fast == 0.001


def test_fates_and_complaints_are_counted() -> None:
    left_out = SeriesFit({}, {"level_fast": Fate.YOUNG}, 0)
    fleet = fit_fleet([one(2, level_fast=0.4), one(1, level_fast=0.4), left_out])
    assert fleet.fates == {Fate.FITTED: 2, Fate.YOUNG: 1}
    assert fleet.complaints == 3
