"""The bar on a generated load, through the worker's own pipeline: fewer minutes that fall short, at equal cost."""

import pytest

from load.autoscaling.contest import KEDA, contest
from load.autoscaling.made import DAY_MINUTES, made_load
from load.autoscaling.policies import Service
from load.autoscaling.table import equal_cost_table, results_table
from load.autoscaling.trace import foretell
from streams.settings.forecast import DECILES

DAYS, LEARNED_DAYS = 3, 2
START_UP_MINUTES = 3


@pytest.mark.timeout(900)
def test_foreshock_falls_short_for_fewer_minutes_at_equal_cost() -> None:
    trace = foretell(made_load(DAYS, seed=1), 30, sorted({*DECILES, 0.95, 0.99}))
    first = LEARNED_DAYS * DAY_MINUTES
    assert all(forecast is not None for forecast in trace.forecasts[first:])
    entries = contest(trace, Service(capacity=30.0, start_up_minutes=START_UP_MINUTES, least=2, most=1_000), first)
    named = {entry.name: entry for entry in entries}
    for target in (0.8, 0.7):
        newest = named[KEDA].at(target)
        ours = named["foreshock, q 0.9"].short_at(newest.replica_hours)
        assert ours is not None
        assert ours < newest.short_minutes / 2
    # Nobody can be ready sooner than a start-up after the begin.
    assert named["oracle"].results[0].short_minutes <= START_UP_MINUTES
    assert min(entry.at(0.8).replica_hours for entry in entries[1:]) > named["oracle"].results[0].replica_hours
    assert len(list(results_table(entries))) == 2 + 1 + 3 * (len(entries) - 1)
    assert len(list(equal_cost_table(entries))) == 2 + len(entries) - 1
