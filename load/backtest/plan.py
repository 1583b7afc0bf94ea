"""The plan of a backtest: at which instants of the recording every series is forecast.

Origins do not overlap: the last one lies a horizon before the recording's end, each earlier one a horizon before.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from load.backtest.errors import BacktestError
from load.recordings.recording import Recording
from load.recordings.table import SampleTable, concatenate, sort_by_time
from streams.pipeline.cadence import SAMPLES_NEEDED, inferred_step_ms
from streams.settings.durations import format_duration
from streams.settings.instants import format_instant

TESTED_SHARE = 5
"""Where the number of origins is not given, they fill the last fifth of the recording."""

ORIGINS_MAX = 1000
"""And are no more than this: a single sample of a wrong time may stretch a recording by decades."""

ROWS_LOOKED_AT = 200_000


@dataclass(frozen=True, slots=True)
class Plan:
    """Origins, ascending; forecasts of `horizon` steps are made at each."""

    step_ms: int
    horizon: int
    origins_ms: tuple[int, ...]

    @property
    def horizon_ms(self) -> int:
        """How far a forecast reaches."""
        return self.horizon * self.step_ms


def plan_of(span_ms: tuple[int, int], step_ms: int, horizon: int, origins: int | None) -> Plan:
    """The last `origins` origins of a recording with this first and last timestamp."""
    first_ms, last_ms = span_ms
    reach_ms = horizon * step_ms
    fitting = (last_ms - first_ms) // reach_ms
    wanted = origins or min(max(1, (last_ms - first_ms) // TESTED_SHARE // reach_ms), ORIGINS_MAX)
    if wanted > fitting:
        raise BacktestError(
            f"{wanted} forecast{'' if wanted == 1 else 's'} of {horizon} steps of {format_duration(step_ms)} do not "
            f"fit into the recording, which reaches from {format_instant(first_ms)} to {format_instant(last_ms)}\n"
            + (f"ask for --origins {fitting} or fewer" if fitting else "ask for a shorter --horizon")
        )
    return Plan(step_ms, horizon, tuple([last_ms - back * reach_ms for back in range(wanted, 0, -1)]))


def usual_step_ms(recording: Recording) -> int:
    """The step that most series of a recording have, as the pipeline infers it from their first samples."""
    times = _first_times(concatenate(list(_first_tables(recording))))
    steps = Counter([inferred_step_ms(series_times) for series_times in times if len(series_times) > 1])
    if not steps:
        raise BacktestError("no series of the recording has two samples at different times\nsay the step with --step")
    return steps.most_common(1)[0][0]


def _first_tables(recording: Recording) -> Iterator[SampleTable]:
    rows = 0

    def wanted(table: SampleTable) -> bool:
        nonlocal rows
        enough = rows >= ROWS_LOOKED_AT
        rows += len(table)
        return not enough

    return takewhile(wanted, recording.tables(ROWS_LOOKED_AT))


def _first_times(table: SampleTable) -> list[list[int]]:
    """Of each series the first distinct timestamps, as many as the pipeline looks at."""
    table = sort_by_time(table)
    order = np.argsort(table.index, kind="stable")
    starts = np.flatnonzero(np.diff(table.index[order])) + 1
    return [np.unique(times)[:SAMPLES_NEEDED].tolist() for times in np.split(table.timestamp_ms[order], starts)]
