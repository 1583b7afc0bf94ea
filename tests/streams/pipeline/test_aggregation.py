"""Aggregated sources: several samples a step become one, when event time closes the step."""

import pytest

from streams.silence import SilenceRecord
from tests.streams.pipeline.logs import Log, pipeline, rejects, rows, run, said, state, tick


def aggregated(how: str, lateness: int = 0) -> dict[str, object]:
    source = {"topic": "telemetry", "step": "1m", "entity": ["host"], "aggregate": how, "lateness_steps": lateness}
    return {"sources": [source], "limits": {"jump_steps": 10}, "forecast": {"horizon": 2, "emit_every": 1}}


@pytest.mark.parametrize(
    ("how", "value"),
    # 4 at 0:10, 1 at 0:50, 1 at 0:30: a mean of 2, and the last by its own time is the second.
    [("mean", 2.0), ("max", 4.0), ("sum", 6.0), ("last", 1.0)],
)
def test_a_step_becomes_one_value(how: str, value: float) -> None:
    of_source = pipeline(**aggregated(how))
    run(of_source, [*rows([("cpu", 10 / 60, 4.0), ("cpu", 50 / 60, 1.0), ("cpu", 30 / 60, 1.0)]), tick(1)])
    assert of_source.samples_accepted == 1
    assert of_source.state.grid["last_value"][0] == value
    assert of_source.state.aggregator.open == {}


@pytest.mark.parametrize(
    ("log", "refused", "accepted"),
    [
        ([*rows([("cpu", 0, 1.0)]), tick(0.9)], [], 0),
        ([*rows([("cpu", 0, 1.0)]), tick(1)], [], 0),  # one step of lateness: minute 0 closes at minute 2
        ([*rows([("cpu", 0, 1.0)]), tick(2)], [], 1),
        ([tick(1.9), *rows([("cpu", 0, 1.0)]), tick(2)], [], 1),
        ([tick(2), *rows([("cpu", 0, 1.0)]), tick(9)], [(0, "late")], 0),
        ([tick(2), *rows([("cpu", 1, 1.0), ("cpu", 12, 1.0)]), tick(9)], [(1, "jump_ahead")], 1),
        ([tick(2), *rows([("cpu", 10, 1.0)]), tick(12)], [], 1),
    ],
)
def test_what_comes_too_late_or_too_early(log: Log, refused: list[tuple[int, str]], accepted: int) -> None:
    of_source = pipeline(**aggregated("mean", lateness=1))
    assert rejects(run(of_source, log)) == refused
    assert of_source.samples_accepted == accepted


def test_a_source_partition_that_lags_holds_event_time_back() -> None:
    of_source, other = pipeline(**aggregated("mean")), ("telemetry", 1)
    log: Log = [*rows([("cpu", 0, 1.0)]), *rows([("mem", 0, 1.0)], other), tick(0, other), tick(60)]
    run(of_source, log)
    assert of_source.samples_accepted == 0
    run(of_source, [tick(1, other)])
    assert of_source.samples_accepted == 2


def test_and_a_silent_one_does_not() -> None:
    of_source, other = pipeline(**aggregated("mean")), ("telemetry", 1)
    log: Log = [*rows([("cpu", 0, 1.0)]), *rows([("mem", 0, 1.0)], other), tick(0, other), tick(60)]
    run(of_source, [*log, SilenceRecord(*other, next_offset=1)])
    assert of_source.samples_accepted == 2


def test_the_series_of_one_instant_are_published_together_and_each_instant_by_itself() -> None:
    log: Log = [*rows([(name, minute, 1.0) for minute in range(4) for name in "ab"]), tick(4)]
    forecasts = said(run(pipeline(**aggregated("mean")), log), "foreshock.forecasts")
    minutes = [(each["origin_ms"] // 60_000 % 60, each["series"]) for each in forecasts]
    assert minutes == [(minute, name) for minute in (1, 2, 3) for name in "ab"]


def test_a_series_stays_aggregated_when_the_settings_name_its_source_no_more() -> None:
    before, after = pipeline(**aggregated("max")), pipeline(sources=[{"topic": "other", "step": "5m"}])
    run(before, rows([("cpu", 0, 4.0), ("cpu", 0.5, 2.0)]))
    grown = pipeline(**(aggregated("max") | {"sources": [{"topic": "other", "step": "5m"}]}))
    grown.load(before.dump())
    run(grown, [tick(1)])
    assert grown.state.grid["last_value"][0] == 4.0
    # A newcomer from there is read like a source without settings.
    run(after, rows([("cpu", minute, 1.0) for minute in range(9)]))
    assert after.samples_accepted == 9


def test_open_steps_come_back_and_close() -> None:
    before, after = pipeline(**aggregated("sum", lateness=1)), pipeline(**aggregated("sum", lateness=1))
    run(before, [*rows([("a", 0, 1.0), ("a", 0.5, 2.0), ("b", 1, 8.0)]), tick(1)])
    after.load(before.dump())
    assert state(after) == state(before)
    run(after, [tick(2)])
    assert after.state.grid["last_value"][:2].tolist() == [3.0, 0.0]
    run(after, [tick(3)])
    assert after.state.grid["last_value"][:2].tolist() == [3.0, 8.0]
