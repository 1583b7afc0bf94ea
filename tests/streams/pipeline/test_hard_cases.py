"""Telemetry that is doubled, late, irregular, reset: what the predictions make of it, and what is said about it."""

from random import Random

import numpy as np
import pytest

from streams.pipeline.partition import PartitionPipeline
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, pipeline, rejects, rows, run, said

MINUTES = 200
MEDIAN = 4
FORECASTS = "foreshock.forecasts"
INFERRED = [{"topic": "telemetry", "entity": ["host"]}]

Sample = tuple[str, float, float]


def _samples(series: str = "cpu") -> list[Sample]:
    random = Random(1)
    return [(series, minute, 50.0 + random.gauss(0.0, 1.0)) for minute in range(MINUTES)]


def _medians(fed: PartitionPipeline, minute: float) -> list[float]:
    """The only series' forecasts of the next four steps."""
    _, quantiles = fed.forecast_at(T_MS + round(minute * MINUTE_MS), np.arange(1, 5))
    medians: list[float] = quantiles[0, :, MEDIAN].tolist()
    return medians


@pytest.mark.parametrize(("minutes_late", "reason"), [(0, "same_step"), (1, "late"), (30, "late")])
def test_what_comes_again_or_late_is_refused_and_changes_no_byte(minutes_late: int, reason: str) -> None:
    samples = _samples()
    disturbed: list[Sample] = []
    expected: list[tuple[int, str]] = []
    for place, sample in enumerate(samples):
        disturbed.append(sample)
        if place % 7 == 6 and place >= 30:
            expected.append((len(disturbed), reason))
            disturbed.append(("cpu", place - minutes_late, 1e6))
    clean, got = run(pipeline(), rows(samples)), run(pipeline(), rows(disturbed))
    assert rejects(got) == expected
    assert [record for record in got if record.topic != "foreshock.rejects"] == clean
    assert len(said(clean, FORECASTS)) > 50


def test_jitter_of_a_third_of_the_step_changes_no_forecast() -> None:
    random = Random(2)
    # Within its own minute each; the grid's steps are those of regular samples.
    jittered = [(name, minute + random.uniform(0.3, 0.6), value) for name, minute, value in _samples()]
    regular, irregular = pipeline(sources=INFERRED), pipeline(sources=INFERRED)
    assert rejects(run(regular, rows(_samples())) + run(irregular, rows(jittered))) == []
    assert _medians(irregular, MINUTES) == _medians(regular, MINUTES)


def test_a_cadence_that_becomes_coarser_is_followed() -> None:
    later = [("cpu", MINUTES + 5.0 * place, 80.0) for place in range(40)]
    fed = pipeline(sources=INFERRED)
    assert rejects(run(fed, rows([*_samples(), *later]))) == []
    # Most of the way from 50 to 80: minutes that have no samples any more are remembered as they were.
    np.testing.assert_allclose(_medians(fed, later[-1][1]), 80.0, atol=10.0)


def test_a_cadence_that_becomes_finer_keeps_the_first_sample_of_each_step() -> None:
    finer = [("cpu", MINUTES + place / 2, 80.0 if place % 2 == 0 else 0.0) for place in range(80)]
    fed = pipeline(sources=INFERRED)
    outputs = run(fed, rows([*_samples(), *finer]))
    assert rejects(outputs) == [(MINUTES + place, "same_step") for place in range(1, 80, 2)]
    np.testing.assert_allclose(_medians(fed, finer[-1][1]), 80.0, atol=2.0)


def test_a_counter_that_resets_is_forecast_by_its_rate() -> None:
    # 120 a minute is 2 a second; it begins again every 50 minutes, the last time with the last sample.
    counts = [("requests_total", float(minute), 120.0 * (minute % 50 + 1)) for minute in range(MINUTES + 1)]
    fed = pipeline()
    assert rejects(run(fed, rows(counts))) == []
    _, quantiles = fed.forecast_at(T_MS + MINUTES * MINUTE_MS, np.arange(1, 5))
    np.testing.assert_allclose(quantiles, 2.0, rtol=1e-9)


def test_a_percentage_is_forecast_within_its_bounds_and_others_as_they_were() -> None:
    full = [(name, minute, 50.0 + value) for name, minute, value in _samples()]
    bounds = [{"metric": "mem", "max": 1.0}, {"metric": "c*", "min": 90.0, "max": 100.0}]
    free, bounded = pipeline(sources=INFERRED), pipeline(sources=[INFERRED[0] | {"bounds": bounds}])
    for fed in (free, bounded):
        run(fed, rows(full))
    (_, without), (_, within) = (
        fed.forecast_at(T_MS + MINUTES * MINUTE_MS, np.arange(1, 5)) for fed in (free, bounded)
    )
    assert without.max() > 100.0
    # Calibration learns from what is said, and so a little differently.
    assert within.min() >= 90.0
    assert within.max() == 100.0
    np.testing.assert_allclose(within, np.clip(without, 90.0, 100.0), atol=0.1)
    # Bounds that are set later hold for series that are known.
    restored = pipeline(sources=[INFERRED[0] | {"bounds": bounds}])
    restored.load(free.dump())
    assert (
        restored.forecast_at(T_MS + MINUTES * MINUTE_MS, np.arange(1, 5))[1].tolist()
        == np.clip(without, 90.0, 100.0).tolist()
    )


@pytest.mark.parametrize("topic", ["forgotten", "", "[]", "no such name"])
def test_series_of_a_topic_that_the_settings_do_not_name_are_taken(topic: str) -> None:
    """Its source may have been removed; or someone else wrote to the samples topic, who may name it anything."""
    minutes = [("cpu", float(minute), 1.0) for minute in range(20)]
    fed = pipeline()
    assert said(run(fed, rows(minutes, (topic, 0))), FORECASTS)
    assert fed.samples_accepted == 20
