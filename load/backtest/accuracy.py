"""Accuracy: the errors of the forecasts, in all, by horizon and by series.

CRPS is GIFT-Eval's weighted quantile loss over the deciles, MASE the mean absolute error of the median in units of the
mean absolute change over a season in that series' own past. Both also relative to seasonal naive at the same origins.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from load.backtest.window import Window
from streams.settings.forecast import DECILES, MEDIAN

Floats = npt.NDArray[np.float64]

_LEVELS = np.array(DECILES)
_MEDIAN_PLACE = DECILES.index(MEDIAN)


def quantile_loss(quantiles: Floats, actual: Floats) -> Floats:
    """Mean over the deciles of twice the pinball loss; `quantiles` [..., deciles], `actual` and result [...]."""
    error = actual[..., None] - quantiles
    # rho_q(e) = max(q e, (q - 1) e)
    return np.asarray(2.0 * np.maximum(_LEVELS * error, (_LEVELS - 1.0) * error).mean(axis=-1))


@dataclass(slots=True)
class SeriesErrors:
    """Sums over what came of one series."""

    samples: int = 0
    loss: float = 0.0
    naive_loss: float = 0.0
    size: float = 0.0
    inside: int = 0


@dataclass(slots=True)
class HorizonErrors:
    """Sums by steps ahead, [horizon] each. `inside` counts samples in the 80 % band."""

    samples: Floats
    loss: Floats
    naive_loss: Floats
    size: Floats
    inside: Floats

    @classmethod
    def of(cls, horizon: int) -> "HorizonErrors":
        """Nothing yet."""
        return cls(*[np.zeros(horizon) for _ in range(5)])


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
    """Errors so far."""

    by_horizon: HorizonErrors
    by_series: defaultdict[str, SeriesErrors] = field(default_factory=lambda: defaultdict(SeriesErrors))
    scaled_error: float = 0.0
    naive_scaled_error: float = 0.0
    samples_scaled: int = 0

    def add(self, window: Window) -> None:
        """Take a complete window."""
        came = ~np.isnan(window.actual)
        quantiles, actual = window.forecasts.quantiles, np.where(came, window.actual, 0.0)
        cells = HorizonErrors(
            samples=came.astype(np.float64),
            loss=np.where(came, quantile_loss(quantiles, actual), 0.0),
            naive_loss=np.where(came, quantile_loss(window.naive.quantiles, actual), 0.0),
            size=np.abs(actual),
            inside=(came & (actual >= quantiles[..., 0]) & (actual <= quantiles[..., -1])).astype(np.float64),
        )
        for name in HorizonErrors.__slots__:
            total = getattr(self.by_horizon, name)
            total += getattr(cells, name).sum(axis=0)
        self._add_series(window.forecasts.names, cells)
        self._add_scaled(window, came)

    def summary(self) -> Summary:
        """The errors in all."""
        sums = self.by_horizon
        samples, size = int(sums.samples.sum()), float(sums.size.sum())
        crps, naive = _ratio(float(sums.loss.sum()), size), _ratio(float(sums.naive_loss.sum()), size)
        mase = _ratio(self.scaled_error, self.samples_scaled)
        naive_mase = _ratio(self.naive_scaled_error, self.samples_scaled)
        return Summary(
            samples_scored=samples,
            crps=crps,
            crps_seasonal_naive=naive,
            crps_relative=_ratio(crps, naive),
            mase=mase,
            mase_seasonal_naive=naive_mase,
            mase_relative=_ratio(mase, naive_mase),
            coverage_80=_ratio(float(sums.inside.sum()), samples),
        )

    def _add_series(self, names: list[str], cells: HorizonErrors) -> None:
        columns = [getattr(cells, name).sum(axis=1).tolist() for name in SeriesErrors.__slots__]
        for name, samples, loss, naive_loss, size, inside in zip(names, *columns, strict=True):
            errors = self.by_series[name]
            errors.samples += int(samples)
            errors.loss += loss
            errors.naive_loss += naive_loss
            errors.size += size
            errors.inside += int(inside)

    def _add_scaled(self, window: Window, came: npt.NDArray[np.bool_]) -> None:
        """Scaled errors, of the series that ever changed."""
        scale = np.broadcast_to(window.naive.scale[:, None], came.shape)
        used = came & (scale > 0)
        for median, name in (
            (window.forecasts.quantiles[..., _MEDIAN_PLACE], "scaled_error"),
            (window.naive.quantiles[..., _MEDIAN_PLACE], "naive_scaled_error"),
        ):
            error = np.abs(window.actual - median)[used] / scale[used]
            setattr(self, name, getattr(self, name) + float(error.sum()))
        self.samples_scaled += int(used.sum())


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None
