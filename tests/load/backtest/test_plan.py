"""Origins and the step they are counted in."""

from collections.abc import Iterator

import numpy as np
import pytest

from load.backtest.errors import BacktestError
from load.backtest.plan import ORIGINS_MAX, plan_of, usual_step_ms
from load.recordings.table import SampleTable, concatenate, sort_by_time
from tests.load.backtest.helpers import MINUTE_MS, START_MS, samples

LAST_MS = START_MS + 999 * MINUTE_MS


class Recorded:
    """A recording in memory."""

    def __init__(self, *tables: SampleTable) -> None:
        self._tables = tables

    def span_ms(self) -> tuple[int, int] | None:
        return None

    def tables(self, rows_max: int) -> Iterator[SampleTable]:
        return iter(self._tables)


def test_the_last_origin_lies_a_horizon_before_the_end() -> None:
    plan = plan_of((START_MS, LAST_MS), MINUTE_MS, 48, 3)
    assert plan.origins_ms == tuple(LAST_MS - back * 48 * MINUTE_MS for back in (3, 2, 1))


def test_by_default_origins_fill_the_last_fifth() -> None:
    assert len(plan_of((START_MS, LAST_MS), MINUTE_MS, 48, None).origins_ms) == 4
    assert len(plan_of((START_MS, LAST_MS), MINUTE_MS, 500, None).origins_ms) == 1
    assert len(plan_of((0, LAST_MS), MINUTE_MS, 48, None).origins_ms) == ORIGINS_MAX


@pytest.mark.parametrize(
    ("horizon", "origins", "hint"), [(48, 21, "--origins 20"), (1000, None, "--horizon"), (1000, 1, "--horizon")]
)
def test_more_than_the_recording_holds_is_refused(horizon: int, origins: int | None, hint: str) -> None:
    with pytest.raises(BacktestError, match=hint):
        plan_of((START_MS, LAST_MS), MINUTE_MS, horizon, origins)


def test_all_that_fits_is_taken() -> None:
    assert plan_of((START_MS, LAST_MS), MINUTE_MS, 999, 1).origins_ms == (START_MS,)


def test_the_step_is_that_of_most_series() -> None:
    coarse = samples(["coarse"], 900)
    every_fifth = SampleTable(coarse.series, coarse.index[::5], coarse.timestamp_ms[::5], coarse.value[::5])
    fine = samples(["a", "b"], 900)
    # Not at the same instants, so that the recording's own timestamps are closer to each other.
    shifted = SampleTable(fine.series, fine.index, fine.timestamp_ms + 1000 * fine.index, fine.value)
    assert usual_step_ms(Recorded(sort_by_time(concatenate([every_fifth, shifted])))) == MINUTE_MS


def test_the_step_is_found_over_several_small_tables() -> None:
    table = samples(["a"], 12)
    assert usual_step_ms(Recorded(*[table.rows(row, row + 1) for row in range(12)])) == MINUTE_MS


def test_single_samples_have_no_step() -> None:
    table = SampleTable(samples(["a", "b"], 1).series, np.array([0, 1]), np.array([1, 2]), np.array([1.0, 1.0]))
    with pytest.raises(BacktestError, match="--step"):
        usual_step_ms(Recorded(table))
