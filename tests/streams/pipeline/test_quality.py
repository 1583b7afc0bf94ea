"""What is said of a series' forecasts, from how earlier ones fared; and when it is published."""

import math
from typing import Any

import numpy as np
import pytest

from models.forecast.quality import Quality
from streams.outputs.quality import Standing
from streams.pipeline.emission import QUALITY_INTERVALS
from streams.pipeline.quality import COVERAGE_MIN, ORIGINS_MIN, SKILL_MIN, STALE_STEPS, judge
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, event, pipeline, rows, run, said

PLENTY = 30.0
NAN = math.nan


def standing(
    origins: list[float],
    loss: list[float],
    naive: list[float],
    coverage: list[float],
    age: int = 0,
    size: float = 100.0,
) -> Standing:
    """Of one series; the arguments hold one value per horizon."""
    quality = Quality(*[np.array([each], np.float64) for each in (origins, loss, naive, coverage)])
    quantiles = np.array([[[size, -0.1], [0.1, 0.1]]], np.float32)
    (judged,) = judge(quality, quantiles if size else 0.0 * quantiles, np.array([age]))
    return judged


def verdict(
    *,
    origins: tuple[float, float] = (PLENTY, PLENTY),
    skill: float = 0.2,
    coverage: float = 0.8,
    age: int = 0,
) -> str:
    """Of a series with two horizons that fared alike."""
    return str(standing([*origins], [1.0 - skill] * 2, [1.0] * 2, [coverage] * 2, age).quality)


def test_forecasts_that_beat_seasonal_naive_are_ok() -> None:
    assert verdict() == "ok"


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        ((ORIGINS_MIN, ORIGINS_MIN - 1), "ok"),  # the nearer horizons are a little ahead
        ((ORIGINS_MIN - 0.01, ORIGINS_MIN - 0.01), "warming"),
        ((PLENTY, 0.0), "warming"),  # nothing is known of the further half
        ((0.0, PLENTY), "ok"),
    ],
)
def test_few_comparisons_are_no_evidence(origins: tuple[float, float], expected: str) -> None:
    assert verdict(origins=origins) == expected
    assert verdict(origins=origins, skill=-1.0) == expected.replace("ok", "unfit")


def test_a_series_without_any_comparison_has_no_figures() -> None:
    fresh = standing([0.0, 0.0], [NAN, NAN], [NAN, NAN], [NAN, NAN])
    assert fresh.quality == "warming"
    assert all(np.isnan(each).all() for each in fresh[1:])


@pytest.mark.parametrize(("skill", "expected"), [(0.0, "ok"), (SKILL_MIN + 1e-3, "ok"), (SKILL_MIN - 1e-3, "unfit")])
def test_forecasts_that_lose_more_than_seasonal_naive_are_unfit(skill: float, expected: str) -> None:
    assert verdict(skill=skill) == expected


@pytest.mark.parametrize(("coverage", "expected"), [(COVERAGE_MIN, "ok"), (COVERAGE_MIN - 1e-3, "unfit"), (1.0, "ok")])
def test_bands_that_miss_most_of_what_comes_are_unfit(coverage: float, expected: str) -> None:
    assert verdict(coverage=coverage) == expected


@pytest.mark.parametrize(("age", "expected"), [(STALE_STEPS, "ok"), (STALE_STEPS + 1, "stale")])
def test_a_forecast_without_the_newest_samples_is_stale(age: int, expected: str) -> None:
    assert verdict(age=age) == expected
    assert verdict(age=STALE_STEPS + 1, origins=(0.0, 0.0)) == "stale"


def test_every_comparison_counts_alike() -> None:
    """Skill: 1 - (30 x 1 + 10 x 3) / (30 x 2 + 10 x 4) = 0.4; coverage: (30 x 0.9 + 10 x 0.5) / 40 = 0.8."""
    judged = standing([30.0, 10.0, 0.0], [1.0, 3.0, NAN], [2.0, 4.0, NAN], [0.9, 0.5, NAN])
    assert (judged.skill, judged.coverage_80) == (0.4, 0.8)
    assert judged.skill_by_horizon[:2].tolist() == [0.5, 0.25]
    assert judged.coverage_80_by_horizon[:2].tolist() == [0.9, 0.5]
    assert np.isnan(judged.skill_by_horizon[2])
    assert np.isnan(judged.coverage_80_by_horizon[2])


@pytest.mark.parametrize("size", [0.0, 100.0])
def test_where_nobody_loses_anything_there_is_no_skill_and_no_fault(size: float) -> None:
    judged = standing([PLENTY], [0.0], [0.0], [1.0], size=size)
    assert (judged.quality, judged.skill) == ("ok", 0.0)


@pytest.mark.parametrize("size", [100.0, -100.0])
def test_rounding_is_no_fault(size: float) -> None:
    """A series of about 100 that repeats itself: seasonal naive is exact, ours is off by what single precision is."""
    assert standing([PLENTY], [5e-6], [0.0], [1.0], size=size).quality == "ok"
    assert standing([PLENTY], [5e-3], [0.0], [1.0], size=size).quality == "unfit"


def test_figures_are_rounded_and_zero_has_no_sign() -> None:
    judged = standing([PLENTY], [1.00001], [1.0], [2.0 / 3.0])
    assert (judged.skill, math.copysign(1.0, judged.skill), judged.coverage_80) == (0.0, 1.0, 0.6667)


def test_a_loss_where_seasonal_naive_has_none_is_a_number() -> None:
    judged = standing([PLENTY], [1.0], [0.0], [1.0], size=0.0)
    assert judged.quality == "unfit"
    assert math.isfinite(judged.skill)


def published(samples: int, **forecast: Any) -> tuple[list[Any], list[Any]]:
    """Forecasts and quality records of a noisy series, one sample a minute."""
    noise = np.random.default_rng(0).normal(10.0, 1.0, samples).tolist()
    outputs = run(pipeline(forecast=forecast), rows([("cpu", minute, value) for minute, value in enumerate(noise)]))
    return said(outputs, "foreshock.forecasts"), said(outputs, "foreshock.quality")


def test_quality_is_published_at_the_first_forecast_and_then_with_every_fourth() -> None:
    _, quality = published(60, horizon=4, emit_every=3)
    minutes = [(each["origin_ms"] - T_MS) // MINUTE_MS for each in quality]
    assert QUALITY_INTERVALS == 4
    assert minutes == [1, *range(12, 60, 12)]
    assert {each["expires_at_ms"] - each["origin_ms"] for each in quality} == {2 * 12 * MINUTE_MS}


def test_quality_intervals_are_of_the_series_own_time() -> None:
    """What is missing moves no interval, and one that is missing as a whole has no record."""
    minutes = [0, 1, 2, 14, 15, 40, 41]
    outputs = run(pipeline(forecast={"horizon": 4, "emit_every": 3}), rows([("cpu", each, 1.0) for each in minutes]))
    found = [(each["origin_ms"] - T_MS) // MINUTE_MS for each in said(outputs, "foreshock.quality")]
    assert found == [1, 14, 40]


def test_a_series_warms_up_and_its_forecasts_say_what_its_quality_says() -> None:
    forecasts, quality = published(200, horizon=4, emit_every=3)
    assert (forecasts[0]["quality"], forecasts[0]["skill"], forecasts[0]["coverage_80"]) == ("warming", None, None)
    assert forecasts[0]["skill_by_horizon"] == [None] * 4
    assert (forecasts[-1]["quality"], quality[-1]["quality"]) == ("ok", "ok")
    assert 0.5 < forecasts[-1]["coverage_80"] <= 1.0
    assert -0.1 < forecasts[-1]["skill"] < 1.0
    at = {each["origin_ms"]: each for each in forecasts}
    for each in quality:
        fields = ("quality", "skill", "coverage_80", "skill_by_horizon", "coverage_80_by_horizon", "horizon_steps")
        assert [each[field] for field in fields] == [at[each["origin_ms"]][field] for field in fields]
        scores = zip(each["loss_by_horizon"], each["naive_loss_by_horizon"], each["skill_by_horizon"], strict=True)
        for loss, naive_loss, skill in scores:
            assert loss is skill is None or skill == pytest.approx(1.0 - loss / naive_loss, abs=1e-3)


def test_forecasts_go_stale_while_an_event_excludes_the_samples() -> None:
    """The samples of the minutes 200 to 209 set off forecasts, and are not learned from."""
    log = rows([("cpu", minute, float(minute % 3)) for minute in range(220)])
    outputs = run(pipeline(forecast={"horizon": 4, "emit_every": 1}), [event(200, 210), *log])
    qualities = [each["quality"] for each in said(outputs, "foreshock.forecasts")]
    # The newest sample that was learned from is 199's, and 205 is six steps later. The first forecast is minute 1's.
    assert qualities[199 - 1 :] == ["ok"] * (1 + STALE_STEPS) + ["stale"] * (10 - STALE_STEPS) + ["ok"] * 10
    # Those of the minutes 200, 204, 208, 212 and 216.
    assert [each["quality"] for each in said(outputs, "foreshock.quality")][-5:] == ["ok", "ok", "stale", "ok", "ok"]
