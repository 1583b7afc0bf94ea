"""The tally: what one method's forecasts were worth, summed by steps ahead.

The loss is twice the pinball loss, averaged over the deciles; summed and divided by the summed size of what came it is
GIFT-Eval's weighted quantile loss, here called CRPS.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from models.arrays import Floats
from streams.settings.forecast import DECILES, MEDIAN

LEVELS = np.array(DECILES)
MEDIAN_PLACE = DECILES.index(MEDIAN)


def quantile_loss(quantiles: Floats, actual: Floats) -> Floats:
    """Mean over the deciles of twice the pinball loss; `quantiles` [..., deciles], `actual` and result [...]."""
    error = actual[..., None] - quantiles
    # rho_q(e) = max(q e, (q - 1) e)
    return np.asarray(2.0 * np.maximum(LEVELS * error, (LEVELS - 1.0) * error).mean(axis=-1))


def below_deciles(quantiles: Floats, actual: Floats) -> Floats:
    """How much of each sample lay below each decile: 1 or 0; `quantiles` and result [..., deciles], `actual` [...].

    Where deciles coincide with the sample, it is spread evenly over the levels they stand for: a constant that was
    foretold lies below the deciles to 0.1, 0.2, ... 0.9, as a certain forecast promises.
    """
    came = actual[..., None]
    under = (quantiles < came).sum(axis=-1, keepdims=True)
    ties = (quantiles == came).sum(axis=-1, keepdims=True)
    # With t ties the j-th of them has j / (t + 1) of the sample below it.
    rank = np.arange(1, quantiles.shape[-1] + 1) - under
    return np.asarray(np.clip(rank / (ties + 1.0), 0.0, 1.0))


class Cells(NamedTuple):
    """What is summed, of each series and step ahead [n, horizon]; 0 where no sample came. `below` has a third axis."""

    samples: Floats
    loss: Floats
    size: Floats
    inside: Floats
    below: Floats


def cells_of(quantiles: Floats, actual: Floats) -> Cells:
    """Compare `quantiles` [n, horizon, deciles] with what came, `actual` [n, horizon], NaN where nothing did."""
    came = ~np.isnan(actual)
    y = np.where(came, actual, 0.0)
    return Cells(
        samples=came.astype(np.float64),
        loss=np.where(came, quantile_loss(quantiles, y), 0.0),
        size=np.abs(y),
        inside=(came & (y >= quantiles[..., 0]) & (y <= quantiles[..., -1])).astype(np.float64),
        below=np.where(came[..., None], below_deciles(quantiles, y), 0.0),
    )


@dataclass(frozen=True, slots=True)
class Score:
    """A method's errors in all; None where nothing could be scored."""

    crps: float | None
    mase: float | None
    coverage_80: float | None


@dataclass(slots=True)
class Tally:
    """Sums by steps ahead [horizon]; `inside` counts samples in the 80 % band, `below` is [horizon, deciles].

    `scaled_error` sums absolute errors of the median in units of each series' own change over a season.
    """

    samples: Floats
    loss: Floats
    size: Floats
    inside: Floats
    below: Floats
    scaled_error: float = 0.0
    samples_scaled: int = 0

    @classmethod
    def of(cls, horizon: int) -> Self:
        """Nothing yet."""
        samples, loss, size, inside = np.zeros((4, horizon))
        return cls(samples, loss, size, inside, np.zeros((horizon, len(DECILES))))

    def add(self, quantiles: Floats, actual: Floats, scale: Floats) -> Cells:
        """Take forecasts of n series; `scale` [n] is NaN or 0 for series that never changed."""
        cells = cells_of(quantiles, actual)
        for name in Cells._fields:
            total = getattr(self, name)
            total += getattr(cells, name).sum(axis=0)
        scales = np.broadcast_to(scale[:, None], actual.shape)
        used = ~np.isnan(actual) & (scales > 0)
        self.scaled_error += float((np.abs(actual - quantiles[..., MEDIAN_PLACE])[used] / scales[used]).sum())
        self.samples_scaled += int(used.sum())
        return cells

    def score(self) -> Score:
        """The errors in all."""
        samples = float(self.samples.sum())
        return Score(
            crps=ratio(float(self.loss.sum()), float(self.size.sum())),
            mase=ratio(self.scaled_error, self.samples_scaled),
            coverage_80=ratio(float(self.inside.sum()), samples),
        )

    def crps_by_horizon(self) -> Floats:
        """CRPS at each step ahead [horizon]; NaN where nothing came."""
        return shares(self.loss, self.size)

    def coverage_by_horizon(self) -> Floats:
        """Share of samples in the 80 % band at each step ahead [horizon]."""
        return shares(self.inside, self.samples)

    def calibration(self, first: int = 1, last: int | None = None) -> Floats:
        """Share of what came below each decile [deciles], from `first` to `last` steps ahead."""
        steps = slice(first - 1, last)
        return shares(self.below[steps].sum(axis=0), np.full(len(DECILES), self.samples[steps].sum()))


def ratio(part: float | None, whole: float | None) -> float | None:
    """A part of a whole, where there is one."""
    return part / whole if part is not None and whole else None


def shares(part: Floats, whole: Floats) -> Floats:
    """Ratios element by element; NaN where there is no whole."""
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))


HORIZON_GROUPS = 3


def horizon_groups(horizon: int) -> list[tuple[int, int]]:
    """Near, middle and far steps ahead, as far as there are so many: (first, last) of each group."""
    ends = np.unique([horizon * group // HORIZON_GROUPS for group in range(1, HORIZON_GROUPS + 1)])
    ends = ends[ends > 0].tolist()
    return list(zip([1, *[end + 1 for end in ends[:-1]]], ends, strict=True))
