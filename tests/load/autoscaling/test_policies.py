"""Policies and their scores on loads that are simple enough to be counted by hand."""

import numpy as np
import pytest

from load.autoscaling.policies import Service, current_value, foreshock, loads_to_carry, oracle
from load.autoscaling.simulation import simulate
from load.autoscaling.trace import MINUTE_MS, Trace
from tests.streams.serve.scaling.made import T_MS, record

SERVICE = Service(capacity=10.0, start_up_minutes=3, least=1, most=100)
JUMP = [20.0] * 20 + [50.0] * 20


def trace(load: list[float], **changes: object) -> Trace:
    """A load that records foretell: all of their quantiles are the largest of the next four minutes."""
    forecasts = []
    for minute in range(len(load)):
        ahead = [max(load[minute + 1 : minute + 5], default=load[-1])] * 3
        origin_ms = T_MS + minute * MINUTE_MS
        said = {"origin_ms": origin_ms, "expires_at_ms": origin_ms + 2 * MINUTE_MS, "quantiles": [ahead] * 6}
        forecasts.append(record(**said | changes))
    return Trace("rps", T_MS, np.array(load), forecasts)


def loads(made: Trace) -> list[float | None]:
    return loads_to_carry(made, 1, 3, 0.5, in_on_forecast=True)


def test_the_newest_value_is_late_by_the_start_up_and_the_minute_it_took_to_be_known() -> None:
    made = trace(JUMP)
    result = simulate(made, SERVICE, current_value(made, SERVICE, 1.0), first=1)
    # Two replicas for a load of 50 in minutes 20 to 23; asked for at the beginning of 21, ready at 24.
    assert result.short_minutes == 4
    assert result.worst_shortfall == pytest.approx(0.6)
    assert result.unserved == pytest.approx(4 * 30 / (19 * 20 + 20 * 50))
    assert result.scale_events == 1
    assert result.replica_hours == pytest.approx((20 * 2 + 19 * 5) / 60)


def test_what_is_foretold_is_there_in_time() -> None:
    made = trace(JUMP)
    result = simulate(made, SERVICE, foreshock(made, SERVICE, 1.0, loads(made)), first=1)
    assert result.short_minutes == 0
    # Asked for four minutes ahead of the oracle's least, at most.
    assert result.replica_hours <= (16 * 2 + 23 * 5) / 60


def test_the_oracle_is_never_short_and_nothing_is_cheaper() -> None:
    made = trace(JUMP)
    best = simulate(made, SERVICE, oracle(made, SERVICE), first=1)
    assert best.short_minutes == 0
    assert best.replica_hours == pytest.approx((16 * 2 + 23 * 5) / 60)


def test_where_foreshock_refuses_the_newest_value_counts() -> None:
    made = trace(JUMP, quality="unfit")
    assert set(loads(made)) == {None}
    refused, newest = (
        simulate(made, SERVICE, policy, first=1)
        for policy in (foreshock(made, SERVICE, 1.0, loads(made)), current_value(made, SERVICE, 1.0))
    )
    assert refused.replica_hours == newest.replica_hours
    assert refused.short_minutes == newest.short_minutes
