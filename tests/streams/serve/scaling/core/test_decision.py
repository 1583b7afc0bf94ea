"""Decisions and refusals, from records to replicas."""

from math import inf, isfinite, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.serve.scaling.core.decision import Decision, decide, replicas_for
from streams.serve.scaling.core.load import SERIES_MAX
from streams.serve.scaling.core.refusals import Refusal, RefusalReason
from streams.serve.scaling.core.restraint import Restraint
from tests.streams.serve.scaling.made import MINUTE_MS, SERIES, T_MS, MadeBoard, record, scaler


def answer(board: MadeBoard | None = None, minute: float = 0, **changes: Any) -> Decision | Refusal:
    rule = scaler(**changes)
    return decide(board or MadeBoard(), rule, Restraint(rule), T_MS + round(minute * MINUTE_MS))


def decided(board: MadeBoard | None = None, minute: float = 0, **changes: Any) -> Decision:
    found = answer(board, minute, **changes)
    assert isinstance(found, Decision), found
    return found


def refused(board: MadeBoard | None = None, minute: float = 0, **changes: Any) -> RefusalReason:
    found = answer(board, minute, **changes)
    assert isinstance(found, Refusal), found
    assert found.message
    return found.reason


def with_record(**changes: Any) -> MadeBoard:
    return MadeBoard({SERIES: record(**changes)})


def test_a_decision_says_what_it_is_made_of() -> None:
    # Two minutes ahead the median is 40, which four replicas of 10 carry.
    assert decided() == Decision(
        scaler="shop",
        at_ms=T_MS,
        value=4.0,
        replicas=4,
        wanted=4,
        limited_by=(),
        foretold=40.0,
        at_lead=40.0,
        newest=None,
        quantile=0.5,
        lead_time_ms=2 * MINUTE_MS,
        origin_ms=T_MS,
        series=(SERIES,),
        dry_run=False,
    )


def test_time_that_has_passed_since_the_forecast_counts() -> None:
    found = decided(minute=1.5)
    assert (found.foretold, found.replicas, found.age_ms) == (70.0, 7, 90_000)


def test_the_load_is_given_where_it_is_asked_for() -> None:
    assert decided(output="load", per_replica=9).value == 40.0


def test_limits_hold_for_the_load_too() -> None:
    found = decided(output="load", per_replica=9, max_replicas=3)
    assert (found.value, found.replicas, found.wanted, found.limited_by) == (27.0, 3, 5, ("max_replicas",))


@pytest.mark.parametrize(("newest", "replicas"), [(12.0, 4), (40.0, 4), (41.0, 5), (-5.0, 4)])
def test_a_forecast_asks_for_no_less_than_the_newest_value_needs(newest: float, replicas: int) -> None:
    board = MadeBoard(samples={SERIES: [(T_MS - MINUTE_MS, 500.0), (T_MS, newest)]})
    assert decided(board, scale_in_on_forecast=False).replicas == replicas


@pytest.mark.parametrize(
    ("samples", "newest"),
    [
        ([(T_MS - 30_000, 700.0), (T_MS, 1_900.0)], 40.0),
        ([(T_MS - 30_000, 700.0), (T_MS, 90.0)], 3.0),  # it began again
        ([(T_MS, 700.0), (T_MS, 700.0)], 0.0),
    ],
)
def test_of_a_counter_the_rate_counts(samples: list[tuple[int, float]], newest: float) -> None:
    board = MadeBoard({SERIES: record(transform="rate_per_s")}, {SERIES: samples})
    assert decided(board, scale_in_on_forecast=False).newest == newest


@pytest.mark.parametrize("samples", [[], [(T_MS - 2 * MINUTE_MS, 9.0)], [(T_MS, nan)]])
def test_without_a_newest_value_there_is_nothing_to_hold_it_against(samples: list[tuple[int, float]]) -> None:
    board = MadeBoard(samples={SERIES: samples})
    assert refused(board, scale_in_on_forecast=False) is RefusalReason.NO_CURRENT_VALUE


def test_a_counter_needs_two_samples() -> None:
    board = MadeBoard({SERIES: record(transform="rate_per_s")}, {SERIES: [(T_MS, 9.0)]})
    assert refused(board, scale_in_on_forecast=False) is RefusalReason.NO_CURRENT_VALUE


SHARDS = {f'requests{{shard="{shard}",team="{team}"}}': record() for shard, team in zip("abc", "xxy", strict=True)}


@pytest.mark.parametrize(
    ("combine", "labels", "load"), [("sum", {}, 120.0), ("max", {}, 40.0), ("sum", {"team": "x"}, 80.0)]
)
def test_several_series_are_one_load(combine: str, labels: dict[str, str], load: float) -> None:
    found = decided(MadeBoard(SHARDS), series=None, metric="req*", labels=labels, combine=combine)
    assert found.foretold == load
    assert list(found.series) == sorted(found.series)


def test_one_series_that_is_unfit_spoils_the_sum() -> None:
    board = MadeBoard(SHARDS | {'requests{shard="d"}': record(quality="unfit")})
    assert refused(board, series=None, metric="requests") is RefusalReason.UNFIT


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quality": "warming"}, RefusalReason.WARMING),
        ({"quality": "unfit"}, RefusalReason.UNFIT),
        ({"quality": "stale"}, RefusalReason.STALE),
        ({"quality": "superb"}, RefusalReason.MALFORMED),
        ({"expires_at_ms": T_MS}, RefusalReason.EXPIRED),
        ({"origin_ms": T_MS + MINUTE_MS + 1}, RefusalReason.AHEAD_OF_CLOCK),
        ({"horizon_steps": [1], "quantiles": [[1.0, 2.0, 3.0]]}, RefusalReason.BEYOND_HORIZON),
        ({"levels": [0.6], "quantiles": [[1.0]] * 6}, RefusalReason.BEYOND_QUANTILES),
        ({"quantiles": [[1.0, nan, 3.0]] * 6}, RefusalReason.MALFORMED),
        ({"quantiles": [[1.0, 2.0, inf]] * 6}, RefusalReason.MALFORMED),
        ({"quantiles": [[1.0, 2.0, None]] * 6}, RefusalReason.MALFORMED),
        ({"quantiles": [[3.0, 2.0, 1.0]] * 6}, RefusalReason.MALFORMED),
        ({"quantiles": [[1.0, 2.0]] * 6}, RefusalReason.MALFORMED),
        ({"horizon_steps": [], "quantiles": []}, RefusalReason.MALFORMED),
        ({"horizon_steps": [1, 1, 2, 3, 4, 8]}, RefusalReason.MALFORMED),
        ({"step_ms": 0}, RefusalReason.MALFORMED),
        ({"origin_ms": "yesterday"}, RefusalReason.MALFORMED),
    ],
)
def test_what_is_not_fit_is_refused(changes: dict[str, Any], reason: RefusalReason) -> None:
    assert refused(with_record(**changes)) is reason


def test_a_record_without_a_field_is_refused() -> None:
    spoilt = record()
    del spoilt["transform"]
    assert refused(MadeBoard({SERIES: spoilt})) is RefusalReason.MALFORMED


def test_a_suppressed_forecast_may_be_acted_on() -> None:
    assert decided(with_record(suppressed=True)).replicas == 4


@pytest.mark.parametrize(("minute", "is_fit"), [(1, True), (1.01, False)])
def test_the_age_that_is_allowed(minute: float, is_fit: bool) -> None:
    assert isinstance(answer(minute=minute, max_age="1m"), Decision) == is_fit


def test_a_longer_age_may_be_allowed_than_records_say() -> None:
    assert refused(minute=3) is RefusalReason.EXPIRED
    assert decided(minute=3, max_age="5m").replicas == 10


def test_what_is_not_known_is_refused() -> None:
    assert refused(MadeBoard({})) is RefusalReason.UNKNOWN_SERIES
    assert refused(series=None, metric="nothing") is RefusalReason.UNKNOWN_SERIES
    assert refused(MadeBoard(ready=False)) is RefusalReason.STARTING


def test_a_fleet_is_not_one_load() -> None:
    many = MadeBoard({f'cpu{{host="{n}"}}': record() for n in range(SERIES_MAX + 1)})
    assert refused(many, series=None, metric="cpu") is RefusalReason.TOO_MANY_SERIES


def test_what_overflows_is_refused() -> None:
    board = MadeBoard({f'cpu{{host="{n}"}}': record(quantiles=[[1e308] * 3] * 6) for n in range(2)})
    assert refused(board, series=None, metric="cpu") is RefusalReason.MALFORMED


def test_a_refusal_changes_nothing_of_what_follows() -> None:
    rule = scaler(step_up=1)
    restraint, board = Restraint(rule), MadeBoard()
    assert isinstance(decide(board, rule, restraint, T_MS), Decision)
    board.records[SERIES] = record(quality="unfit")
    assert isinstance(decide(board, rule, restraint, T_MS + 1_000), Refusal)
    board.records[SERIES] = record(quantiles=[[90.0] * 3] * 6)
    last = decide(board, rule, restraint, T_MS + 2_000)
    assert isinstance(last, Decision)
    assert last.replicas == 5


@pytest.mark.parametrize(("load", "per_replica", "replicas"), [(0, 7, 0), (0.1, 1, 1), (7 * 0.1, 0.1, 7), (71, 10, 8)])
def test_replicas_carry_the_load(load: float, per_replica: float, replicas: int) -> None:
    assert replicas_for(load, per_replica) == replicas


numbers = st.floats(-1e12, 1e12)
rows = st.lists(st.lists(numbers, min_size=3, max_size=3).map(sorted), min_size=6, max_size=6)


@given(rows, st.floats(0.1, 0.9), st.floats(1e-3, 1e6), st.integers(0, 5), st.integers(5, 80), numbers, st.booleans())
def test_whatever_is_foretold_the_answer_is_a_number_within_the_bounds(
    quantiles: list[list[float]],
    quantile: float,
    per_replica: float,
    least: int,
    most: int,
    newest: float,
    on_forecast: bool,
) -> None:
    board = MadeBoard({SERIES: record(quantiles=quantiles)}, {SERIES: [(T_MS, newest)]})
    limits = {"quantile": quantile, "per_replica": per_replica, "min_replicas": least, "max_replicas": most}
    of_replicas, of_load = (
        decided(board, scale_in_on_forecast=on_forecast, output=output, **limits) for output in ("replicas", "load")
    )
    assert least <= of_replicas.value == of_replicas.replicas == of_load.replicas <= most
    assert isfinite(of_load.value)
    # What an HPA makes of the load is what it would make of the replicas.
    assert replicas_for(of_load.value, per_replica) == of_replicas.replicas
    assert of_load.value >= 0
    assert least == 0 or of_load.value > 0


@given(rows, st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_a_higher_quantile_never_asks_for_less(quantiles: list[list[float]], one: float, other: float) -> None:
    board = MadeBoard({SERIES: record(quantiles=quantiles)})
    lower, higher = (decided(board, quantile=each, max_replicas=1_000).replicas for each in sorted((one, other)))
    assert lower <= higher
