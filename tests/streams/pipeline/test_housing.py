"""A bank with room for few: who gets in, who leaves, and what a flood of newcomers costs."""

from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import pytest

from streams.pipeline.housing import Housing
from streams.pipeline.partition import PartitionPipeline
from tests.streams.pipeline import logs
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, Log, pipeline, rejects, rows, run, said, tick

EVICT_MINUTES = 10


def small(series_max: int = 2, **sections: Any) -> PartitionPipeline:
    limits = {"series_per_partition": series_max, "evict_after": f"{EVICT_MINUTES}m", "jump_steps": 100}
    return pipeline(limits=limits, **sections)


def old(names: Sequence[str]) -> Log:
    """Series that are no longer young at minute 0."""
    return rows([(name, minute, 1.0) for minute in range(-3, 1) for name in names])


def newcomer(minute: float, name: str = "new", offset: int = 100) -> Log:
    return rows([(name, minute, 1.0)], first_offset=offset)


def test_a_full_bank_refuses_newcomers() -> None:
    of_two = small()
    outputs = run(of_two, [*old("ab"), tick(0), *newcomer(0), *newcomer(1, "a", 101)])
    assert rejects(outputs) == [(100, "bank_full")]
    assert sorted(of_two.state.catalog.slots) == ["a", "b"]
    assert of_two.samples_accepted == 9


@pytest.mark.parametrize(("minute", "stays"), [(EVICT_MINUTES - 0.1, True), (EVICT_MINUTES, False)])
def test_series_that_are_idle_give_their_place_to_a_newcomer(minute: float, stays: bool) -> None:
    of_two = small()
    outputs = run(of_two, [*old("ab"), *rows([("b", 5, 1.0)], first_offset=50), tick(minute), *newcomer(minute)])
    assert sorted(of_two.state.catalog.slots) == (["a", "b"] if stays else ["b", "new"])
    assert rejects(outputs) == ([(100, "bank_full")] if stays else [])


def test_all_idle_series_leave_together_with_tombstones_for_what_was_published_of_them() -> None:
    rules: dict[str, Any] = {
        "capacity": [{"name": "c", "metric": "a*", "limit": {"value": 1}}],
        "failures": [{"name": "f", "metric": "b*", "above": 1, "for": "1m", "within": "1h"}],
    }
    of_two = small(**rules)
    outputs = run(of_two, [*old("ab"), tick(99), *newcomer(99)])
    gone = [(record.topic, record.key, dict(record.headers)["ce_id"]) for record in outputs if record.value is None]
    assert gone == [
        ("foreshock.forecasts", b"forecast|a", b"forecast|a|gone"),
        ("foreshock.quality", b"quality|a", b"quality|a|gone"),
        ("foreshock.capacity", b"capacity|a|c", b"capacity|a|c|gone"),
        ("foreshock.forecasts", b"forecast|b", b"forecast|b|gone"),
        ("foreshock.quality", b"quality|b", b"quality|b|gone"),
        ("foreshock.failures", b"failure|b|f", b"failure|b|f|gone"),
        ("foreshock.quality", b"failure_quality|b|f", b"failure_quality|b|f|gone"),
    ]
    assert list(of_two.state.catalog.slots) == ["new"]


def test_what_a_series_that_leaves_has_waiting_is_rejected() -> None:
    of_one = small(1, sources=[{"topic": "telemetry", "entity": ["host"]}])
    outputs = run(of_one, [*rows([("a", 0, 1.0), ("a", 1, 1.0)]), tick(99), *newcomer(99)])
    assert rejects(outputs) == [(0, "bank_full"), (1, "bank_full")]
    assert list(of_one.state.admission.waiting) == [of_one.state.catalog.slots["new"]]


def test_its_figures_count_who_is_in_and_who_had_to_leave() -> None:
    of_two = small()
    run(of_two, [*old("ab"), tick(99), *newcomer(99)])
    figures = of_two.figures()
    assert (figures.series, figures.series_max, figures.evicted, figures.samples) == (1, 2, 2, 9)
    assert figures.event_time_ms == T_MS + 99 * MINUTE_MS


def test_a_series_that_left_comes_back_as_a_new_one() -> None:
    of_one = small(1)
    run(of_one, [*old("a"), tick(50), *newcomer(50), tick(90), *newcomer(90, "a", 101)])
    assert of_one.state.catalog.slots == {"a": 0}
    assert of_one.state.grid["accepted"][0] == of_one.state.bank.arrays["count"][0] == 1


def test_rows_before_a_newcomer_keep_their_series_from_leaving() -> None:
    """In the same block and step: it is the log that says who is idle, and not what has been applied."""
    of_two = small()
    assert (
        rejects(run(of_two, [*old("ab"), tick(50), *rows([("a", 49, 1.0), ("new", 49, 1.0)], first_offset=90)])) == []
    )
    assert sorted(of_two.state.catalog.slots) == ["a", "new"]


def test_an_absurd_first_timestamp_earns_no_place_for_ever() -> None:
    year = 60 * 24 * 365
    of_two = small(2)
    run(of_two, [*newcomer(year, "x", 0), *newcomer(year, "y", 1), tick(0), *newcomer(0)])
    assert list(of_two.state.catalog.slots) == ["new"]


def test_a_flood_of_newcomers_is_looked_at_once_per_move_of_event_time() -> None:
    of_two = small()
    flood = rows([(f"new{number}", 1, 1.0) for number in range(500)], first_offset=100)
    more = rows([(f"more{number}", 2, 1.0) for number in range(500)], first_offset=700)
    with patch.object(Housing, "_idle", autospec=True, side_effect=Housing._idle) as sweeps:
        outputs = run(of_two, [*old("ab"), tick(1), *flood, tick(1), tick(2), *more])
    assert sweeps.call_count == 2
    assert len(rejects(outputs)) == 1000


def test_without_event_time_nobody_is_idle() -> None:
    assert rejects(run(small(), [*old("ab"), *newcomer(1000)])) == [(100, "bank_full")]


AGGREGATED = logs.PLAIN | {"step": "10m", "aggregate": "last", "lateness_steps": 6}


def test_a_series_whose_steps_are_still_open_is_not_idle() -> None:
    """Its last sample is of this minute, the last step that event time has closed of more than an hour ago."""
    of_one = small(1, sources=[AGGREGATED])
    for step in range(30):
        run(of_one, [*rows([("a", 10 * step, 1.0)], first_offset=step), tick(10 * step)])
    outputs = run(of_one, newcomer(290))
    assert rejects(outputs) == [(100, "bank_full")]
    assert list(of_one.state.catalog.slots) == ["a"]


def test_open_steps_of_a_series_that_leaves_are_rejected() -> None:
    """One that is heard of again only after `evict_after`, which is shorter than its step."""
    of_one = small(1, sources=[AGGREGATED | {"step": "1h", "lateness_steps": 0}])
    log = rows([("a", 0, 1.0), ("a", 60, 2.0), ("a", 61, 3.0)])
    outputs = run(of_one, [*log, tick(60 + EVICT_MINUTES + 1), *newcomer(70)])
    assert list(of_one.state.catalog.slots) == ["new"]
    assert list(of_one.state.aggregator.open) == [of_one.state.catalog.slots["new"]]
    assert rejects(outputs) == [(2, "bank_full")]
    (record,) = said(outputs, "foreshock.rejects")
    assert record["detail"] == (
        "its series was idle and gave its place away; of its step, which was open, this was the last sample of 2"
    )


@pytest.mark.parametrize("sane", [0, 6])
def test_an_absurd_step_that_is_open_earns_no_place_for_ever(sane: int) -> None:
    year = 60 * 24 * 365
    of_one = small(1, sources=[AGGREGATED | {"step": "1m", "lateness_steps": 0}])
    before = rows([("a", minute, 1.0) for minute in (year, *range(sane))])
    run(of_one, [*before, tick(sane + EVICT_MINUTES), *newcomer(sane + EVICT_MINUTES)])
    assert list(of_one.state.catalog.slots) == ["new"]
