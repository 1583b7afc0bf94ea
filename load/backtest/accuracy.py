"""Accuracy: the errors of the forecasts, in all, by horizon and by series, beside seasonal naive at the same origins.

MASE is the mean absolute error of the median in units of the mean absolute change over a season in that series' own
past.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Self

from load.backtest.tally import Cells, Tally, ratio
from load.backtest.window import Window


@dataclass(slots=True)
class SeriesErrors:
    """Sums over what came of one series."""

    samples: int = 0
    loss: float = 0.0
    naive_loss: float = 0.0
    size: float = 0.0
    inside: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """Errors in all; None where nothing could be scored."""

    samples_scored: int
    crps: float | None
    crps_seasonal_naive: float | None
    crps_relative: float | None
    mase: float | None
    mase_seasonal_naive: float | None
    mase_relative: float | None
    coverage_80: float | None


@dataclass(slots=True)
class Accuracy:
    """Errors so far: ours, and those of seasonal naive."""

    ours: Tally
    naive: Tally
    by_series: defaultdict[str, SeriesErrors] = field(default_factory=lambda: defaultdict(SeriesErrors))

    @classmethod
    def of(cls, horizon: int) -> Self:
        """Nothing yet."""
        return cls(Tally.of(horizon), Tally.of(horizon))

    def add(self, window: Window) -> None:
        """Take a complete window."""
        scale = window.naive.scale
        ours = self.ours.add(window.forecasts.quantiles, window.actual, scale)
        naive = self.naive.add(window.naive.quantiles, window.actual, scale)
        self._add_series(window.forecasts.names, ours, naive)

    def summary(self) -> Summary:
        """The errors in all."""
        ours, naive = self.ours.score(), self.naive.score()
        return Summary(
            samples_scored=int(self.ours.samples.sum()),
            crps=ours.crps,
            crps_seasonal_naive=naive.crps,
            crps_relative=ratio(ours.crps, naive.crps),
            mase=ours.mase,
            mase_seasonal_naive=naive.mase,
            mase_relative=ratio(ours.mase, naive.mase),
            coverage_80=ours.coverage_80,
        )

    def _add_series(self, names: list[str], ours: Cells, naive: Cells) -> None:
        sums = [cells.sum(axis=1).tolist() for cells in (ours.samples, ours.loss, naive.loss, ours.size, ours.inside)]
        for name, samples, loss, naive_loss, size, inside in zip(names, *sums, strict=True):
            errors = self.by_series[name]
            errors.samples += int(samples)
            errors.loss += loss
            errors.naive_loss += naive_loss
            errors.size += size
            errors.inside += int(inside)
