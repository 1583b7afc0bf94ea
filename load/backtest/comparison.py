"""The comparison: every method's errors and cost, all on the same series, origins and samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from load.backtest.accuracy import Accuracy
from load.backtest.baselines.registry import SEASONAL_NAIVE, baseline
from load.backtest.playing import Played
from load.backtest.run import Outcome
from load.backtest.tally import Tally, ratio
from load.backtest.window import Window
from models.arrays import Floats, Ints

OURS = "foreshock"
SEASONAL_NAIVE_TITLE = "seasonal naive"


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its errors, and the CPU `seconds` it spent on so many samples.

    `unanswered` of its `forecasts` could not be made; seasonal naive's stand in their place.
    """

    name: str
    title: str
    tally: Tally
    seconds: float
    samples: int
    forecasts: int
    unanswered: int = 0

    @property
    def us_per_sample(self) -> float | None:
        """CPU microseconds per sample."""
        return ratio(1e6 * self.seconds, self.samples)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The methods, ours and seasonal naive first, on so many series."""

    series: int
    methods: list[Method]

    @property
    def seasonal_naive(self) -> Method:
        """What all are compared with."""
        return next(method for method in self.methods if method.name == SEASONAL_NAIVE)


def comparison_of(
    outcome: Outcome, names: Sequence[str], played: Mapping[tuple[str, str], Played], horizon: int
) -> Comparison:
    """Ours, seasonal naive, and the baselines of those names; without any, over all series of the run."""
    accuracy, series = outcome.accuracy, len(outcome.accuracy.by_series)
    if names:
        accuracy, series = Accuracy.of(horizon), len(outcome.courses)
        for window in outcome.windows:
            accuracy.add(window)
    forecasts = sum([len(window.forecasts.names) for window in outcome.windows]) if names else outcome.forecasts
    ours = Method(OURS, OURS, accuracy.ours, outcome.engine_seconds, outcome.samples_accepted, forecasts)
    naive = Method(
        SEASONAL_NAIVE,
        SEASONAL_NAIVE_TITLE,
        accuracy.naive,
        outcome.naive_seconds,
        outcome.samples_accepted,
        forecasts,
    )
    return Comparison(series, [ours, naive, *[_baseline(name, outcome.windows, played, horizon) for name in names]])


def _baseline(name: str, windows: Sequence[Window], played: Mapping[tuple[str, str], Played], horizon: int) -> Method:
    tally, forecasts, unanswered = Tally.of(horizon), 0, 0
    for place, window in enumerate(windows):
        made = np.stack([played[name, series].quantiles[place] for series in window.forecasts.names])
        lacking = unanswered_in(made, window.actual)
        made[lacking] = window.naive.quantiles[lacking]
        tally.add(made, window.actual, window.naive.scale)
        forecasts, unanswered = forecasts + len(made), unanswered + len(lacking)
    mine = [one for (who, _), one in played.items() if who == name]
    seconds, samples = sum([one.seconds for one in mine]), sum([one.samples for one in mine])
    return Method(name, baseline(name).title, tally, seconds, samples, forecasts, unanswered)


def unanswered_in(quantiles: Floats, actual: Floats) -> Ints:
    """Places of the series that have no finite decile for some sample that came."""
    missing = ~np.isfinite(quantiles).all(axis=-1) & ~np.isnan(actual)
    return np.flatnonzero(missing.any(axis=1))
