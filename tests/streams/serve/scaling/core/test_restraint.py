"""Limits on what is said next."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.serve.scaling.core.restraint import Restraint
from tests.streams.serve.scaling.made import MINUTE_MS, T_MS, scaler


def said(wanted: list[tuple[float, int]], **changes: Any) -> list[int]:
    """The replicas that are said when so many are wanted, by minutes."""
    restraint = Restraint(scaler(**changes))
    return [restraint.hold(T_MS + round(minute * MINUTE_MS), count).replicas for minute, count in wanted]


@pytest.mark.parametrize(("wanted", "replicas", "by"), [(0, 2, "min_replicas"), (99, 9, "max_replicas"), (5, 5, None)])
def test_bounds(wanted: int, replicas: int, by: str | None) -> None:
    held = Restraint(scaler(min_replicas=2, max_replicas=9)).hold(T_MS, wanted)
    assert held == (replicas, (by,) if by else ())


def test_none_is_said_only_where_none_is_allowed() -> None:
    assert said([(0, 0)]) == [1]
    assert said([(0, 0)], min_replicas=0) == [0]


def test_what_was_wanted_lately_holds() -> None:
    wanted = [(0, 5), (1, 9), (2, 3), (4, 4), (5.9, 3), (6, 3), (8, 1), (9, 1), (14, 1)]
    #                                                 9 is over; 4 is; 3 of minute 8 is
    assert said(wanted, stabilisation="5m") == [5, 9, 9, 9, 9, 4, 4, 3, 1]


def test_steps_are_counted_from_what_was_said_when_the_interval_began() -> None:
    wanted = [(0, 5), (0.2, 20), (0.8, 20), (1, 20), (1.5, 1), (2.5, 1)]
    assert said(wanted, step_up=3, step_down=2) == [5, 8, 8, 11, 6, 4]


def test_after_a_silence_there_are_as_many_steps_as_intervals() -> None:
    assert said([(0, 5), (4, 40), (4.5, 40), (5, 40)], step_up=3) == [5, 17, 17, 20]


def test_a_clock_that_goes_back_stands_still() -> None:
    assert said([(10, 5), (2, 9), (10.5, 9)], step_up=2, stabilisation="5m") == [5, 7, 7]


def test_what_limited_it_is_named() -> None:
    restraint = Restraint(scaler(step_up=1, step_down=1, stabilisation="1m", max_replicas=9))
    assert restraint.hold(T_MS, 5).by == ()
    assert restraint.hold(T_MS + 1_000, 30).by == ("max_replicas", "step_up")
    assert restraint.hold(T_MS + 2_000, 2).by == ("stabilisation", "step_up")
    assert restraint.hold(T_MS + 30 * MINUTE_MS, 0).by == ("min_replicas",)
    assert Restraint(scaler()).hold(T_MS, 5) == (5, ())


moments = st.lists(st.tuples(st.integers(0, 200_000), st.integers(0, 200)), min_size=1, max_size=30)


@given(moments, st.integers(0, 5), st.integers(5, 60), st.integers(1, 9) | st.none(), st.integers(1, 9) | st.none())
def test_never_beyond_the_bounds(
    moments: list[tuple[int, int]], least: int, most: int, up: int | None, down: int | None
) -> None:
    limits = {"min_replicas": least, "max_replicas": most, "step_up": up, "step_down": down, "stabilisation": "40s"}
    restraint = Restraint(scaler(**limits, step_interval="30s"))
    now_ms = T_MS
    for passed_ms, wanted in moments:
        now_ms += passed_ms
        assert least <= restraint.hold(now_ms, wanted).replicas <= most


@given(moments, st.integers(1, 9), st.booleans())
def test_a_way_up_or_down_has_a_step_for_each_interval(
    moments: list[tuple[int, int]], step: int, falling: bool
) -> None:
    ascending = sorted([wanted for _, wanted in moments], reverse=falling)
    restraint = Restraint(scaler(step_up=step, step_down=step, step_interval="30s", max_replicas=200))
    said, now_ms = [], T_MS
    for (passed_ms, _), wanted in zip(moments, ascending, strict=True):
        now_ms += min(passed_ms, 30_000)
        said.append((now_ms, restraint.hold(now_ms, wanted).replicas))
    for place, (begun_ms, before) in enumerate(said):
        for at_ms, replicas in said[place:]:
            assert abs(replicas - before) <= step * (2 + (at_ms - begun_ms) // 30_000)


@given(moments, st.integers(1, 9))
def test_within_an_interval_all_answers_are_a_step_from_its_begin(moments: list[tuple[int, int]], up: int) -> None:
    restraint = Restraint(scaler(step_up=up, step_down=up, step_interval="1h", max_replicas=200))
    first = restraint.hold(T_MS, 50).replicas
    now_ms = T_MS
    for passed_ms, wanted in moments:
        now_ms = min(now_ms + passed_ms, T_MS + 3_599_000)
        assert abs(restraint.hold(now_ms, wanted).replicas - first) <= up
