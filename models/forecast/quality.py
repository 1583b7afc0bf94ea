"""Quality: how the deciles that a series' origins set aside fared against what came, and beside seasonal naive.

The loss is that of the nine deciles whatever levels are published, so that it means the same everywhere. Seasonal naive
says a point; around it lie the deciles of a Laplace distribution as wide as its own earlier errors. All are discounted
as the experts' losses are, and divided by the same number of origins.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints, Singles
from models.forecast.weights import DISCOUNT
from models.layout import Arrays, Field, Layout, Slots

DECILES = np.arange(1, 10) / 10.0


class Quality(NamedTuple):
    """How forecasts fared at the anchors; arrays of shape (n, a), NaN where nothing was scored.

    Attributes
    ----------
    origins
        Discounted number of scored origins; 0 where there was none.
    loss
        Discounted mean loss of what was forecast: the pinball loss, mean over the deciles, times 2, which approximates
        the CRPS and is the absolute error of a forecast that is certain. In the unit of the series.
    naive_loss
        The same of seasonal naive.
    coverage_80
        Discounted share of the targets from the first decile to the last, both included.
    """

    origins: Floats
    loss: Floats
    naive_loss: Floats
    coverage_80: Floats


def layout(anchors: int) -> Layout:
    """State of so many anchor horizons; `origins` counts the origins behind it."""
    return (
        Field("decile_loss", "f4", (anchors,), 0, "y", "discounted sums of the deciles' losses"),
        Field("naive_loss", "f4", (anchors,), 0, "y", "the same of seasonal naive"),
        Field("covered", "f4", (anchors,), 0, "origins", "discounted number of targets within the outer deciles"),
    )


def settle(state: Arrays, slots: Slots, anchor: Ints, came: Floats, deciles: Floats, naive: Floats) -> None:
    """Learn how one anchor each fared: what came, (n,), and what both forecasts had said of it, (n, d)."""
    # What was said was kept in single precision: what came is rounded alike, that what is met exactly stays so.
    rounded = came.astype(np.float32)
    covered = (deciles[:, 0] <= rounded) & (rounded <= deciles[:, -1])
    # L = 0.985 L + loss
    for name, scored in (
        ("decile_loss", _loss(deciles, rounded)),
        ("naive_loss", _loss(naive, rounded)),
        ("covered", covered),
    ):
        state[name][slots, anchor] = DISCOUNT * state[name][slots, anchor] + scored


def read(state: Arrays, slots: Slots) -> Quality:
    """The quality of these slots' forecasts so far."""
    origins = state["loss_count"][slots].astype(np.float64)
    means = [_mean(state[name][slots], origins) for name in ("decile_loss", "naive_loss", "covered")]
    return Quality(origins, *means)


def _loss(deciles: Floats, came: Singles) -> Floats:
    """Mean over the deciles of twice their pinball loss, (n,)."""
    error = came[:, None] - deciles
    # 2 max(tau e, (tau - 1) e)
    return np.asarray(np.maximum(2.0 * DECILES * error, 2.0 * (DECILES - 1.0) * error).mean(axis=1))


def _mean(total: Singles, origins: Floats) -> Floats:
    return np.where(origins > 0, total / np.where(origins > 0, origins, 1.0), np.nan)
