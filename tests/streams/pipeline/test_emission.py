"""When predictions are published, and what they say of their time."""

import pytest

from tests.streams.pipeline.logs import MINUTE_MS, T_MS, pipeline, rows, run, said

EVERY_3 = {"forecast": {"horizon": 4, "emit_every": 3}}
BASE_STEP = T_MS // MINUTE_MS
assert BASE_STEP % 3 == 0


def forecast_minutes(minutes: list[float], **sections: object) -> list[float]:
    forecasts = said(
        run(pipeline(**(EVERY_3 | sections)), rows([("cpu", m, 1.0) for m in minutes])), "foreshock.forecasts"
    )
    return [(each["origin_ms"] - T_MS) / MINUTE_MS for each in forecasts]


@pytest.mark.parametrize(
    ("minutes", "published"),
    [
        ([0], []),  # a single sample says nothing about its own error
        ([0, 1], [1]),
        ([1, 2], [2]),
        (list(range(10)), [1, 3, 6, 9]),  # then with the first sample of each interval
        ([0, 1, 2, 5, 6], [1, 5, 6]),  # 3 is missing: its interval is published at 5
        ([0, 1, 20, 21], [1, 20, 21]),
    ],
)
def test_the_first_sample_of_an_interval_is_published(minutes: list[float], published: list[float]) -> None:
    assert forecast_minutes(minutes) == published


def test_the_intervals_are_of_the_series_own_steps() -> None:
    source = {"topic": "telemetry", "step": "10m", "entity": ["host"]}
    assert forecast_minutes([10.0 * n for n in range(7)], sources=[source]) == [10, 30, 60]


def test_a_counter_is_published_from_its_second_rate_on() -> None:
    samples = rows([("a_total", minute, 60.0 * minute) for minute in range(4)])
    forecasts = said(run(pipeline(forecast={"horizon": 2, "emit_every": 1}), samples), "foreshock.forecasts")
    assert [each["last_sample_at_ms"] for each in forecasts] == [samples[2].timestamp_ms, samples[3].timestamp_ms]
    assert {each["transform"] for each in forecasts} == {"rate_per_s"}
    assert forecasts[-1]["quantiles"][0][4] == pytest.approx(1.0)


def test_times_of_a_prediction() -> None:
    """The origin is the sample's step; it holds until a second one should have taken its place."""
    (forecast,) = said(run(pipeline(**EVERY_3), rows([("cpu", 0, 1.0), ("cpu", 1.4, 1.0)])), "foreshock.forecasts")
    assert forecast["last_sample_at_ms"] == T_MS + 84_000
    assert forecast["origin_ms"] == T_MS + MINUTE_MS
    assert forecast["expires_at_ms"] == T_MS + MINUTE_MS + 2 * 3 * MINUTE_MS
    assert forecast["samples_seen"] == 2


def test_a_capacity_prediction_waits_for_its_first_increments_and_a_failure_prediction_does_not() -> None:
    """Two hourly increments need the levels of four half hours: the fourth is open at minute 90."""
    rules = {
        "capacity": [{"name": "full", "metric": "cpu", "limit": {"value": 100}}],
        "failures": [{"name": "hot", "metric": "cpu", "above": 90, "for": "1m", "within": "1h"}],
    }
    outputs = run(pipeline(**rules), rows([("cpu", 30.0 * n, 10.0 + n) for n in range(5)]))
    last = [(each["last_sample_at_ms"] - T_MS) // MINUTE_MS for each in said(outputs, "foreshock.capacity")]
    assert last == [90, 120]
    assert [each["levels_seen"] for each in said(outputs, "foreshock.capacity")] == [4, 5]
    assert len(said(outputs, "foreshock.failures")) == 4


def test_publishing_changes_nothing_that_is_learned() -> None:
    samples = rows([("cpu", minute, float(minute % 7)) for minute in range(60)])
    often, seldom = (
        pipeline(forecast={"horizon": 4, "emit_every": 1}),
        pipeline(forecast={"horizon": 4, "emit_every": 50}),
    )
    run(often, samples)
    run(seldom, samples)
    assert often.dump()["forecast/00000"] == seldom.dump()["forecast/00000"]
