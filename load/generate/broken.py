"""When rules are broken: what a generated series itself says, without the engine that predicts it."""

from collections.abc import Iterator, Sequence

import numpy as np

from load.generate.rules import ERRORS, ERRORS_ABOVE, ERRORS_FOR_MS
from load.generate.spec import FleetSpec
from load.generate.truth import Failure
from load.recordings.table import FloatColumn
from streams.series import SeriesKey, series_name

METRIC = "error_rate"


def failures_of(spec: FleetSpec, series: Sequence[SeriesKey], matrix: FloatColumn) -> list[Failure]:
    """Each stretch of `matrix` [steps, series] that breaks a rule; nothing is missing yet."""
    found: list[Failure] = []
    for column, key in enumerate(series):
        if key.metric == METRIC:
            found.extend(_of_series(spec, series_name(key), matrix[:, column]))
    return found


def _of_series(spec: FleetSpec, name: str, values: FloatColumn) -> Iterator[Failure]:
    wrong = np.concatenate([[False], values > ERRORS_ABOVE, [False]])
    begins, ends = np.flatnonzero(wrong[1:] & ~wrong[:-1]), np.flatnonzero(~wrong[1:] & wrong[:-1])
    # A sample stands for one step: the one that makes the stretch as long as the rule says breaks it.
    needed = -(-ERRORS_FOR_MS // spec.step_ms)
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        if end - begin >= needed:
            times = [spec.start_ms + step * spec.step_ms for step in (begin, begin + needed - 1, end)]
            yield Failure(name, ERRORS, *times)
