"""One baseline over one course: its forecasts at the origins, and what they cost."""

from contextlib import suppress
from typing import NamedTuple

import numpy as np

from load.backtest.baselines.contract import Forecaster, Subject
from load.backtest.baselines.oracle import Foretold
from load.backtest.baselines.registry import baseline
from load.backtest.courses import Course
from load.backtest.stopwatch import Stopwatch
from models.arrays import Floats
from streams.settings.forecast import DECILES


class Played(NamedTuple):
    """Forecasts [origins, horizon, deciles], NaN where there was no answer.

    `seconds` of CPU time and `samples` are those from the first origin on: what a service would spend that forecasts
    at every origin. What came before is learned once, and not counted.
    """

    quantiles: Floats
    seconds: float
    samples: int


def play(name: str, course: Course, horizon: int) -> Played:
    """Let a baseline run from the beginning of a course to its end."""
    quantiles = np.full((len(course.origins), horizon, len(DECILES)), np.nan)
    watch = Stopwatch()
    # Models of other projects may raise anything on a series that they can't be fitted to: no answer from there on.
    with suppress(Exception):
        forecaster = baseline(name).begin(Subject(course.season, horizon))
        forecaster.learn(course.values[: course.origins[0]])
        _run(forecaster, course, quantiles, watch)
    samples = int((~np.isnan(course.values[course.origins[0] :])).sum())
    return Played(quantiles, watch.seconds, samples)


def _run(forecaster: Forecaster, course: Course, quantiles: Floats, watch: Stopwatch) -> None:
    """Fill `quantiles` origin by origin."""
    horizon, values = quantiles.shape[1], course.values
    for place, (origin, end) in enumerate(zip(course.origins, [*course.origins[1:], len(values)], strict=True)):
        if isinstance(forecaster, Foretold):
            forecaster.foretell(values[origin : origin + horizon])
        with watch:
            if origin:
                quantiles[place] = forecaster.forecast()
            forecaster.learn(values[origin:end])
