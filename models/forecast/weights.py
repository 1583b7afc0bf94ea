"""Weights of the experts: a power of the inverse of their mean absolute error, per series and anchor horizon.

The sharpness and the form are the base weights of the fleet-gated mixture study (its equation w ~ (l / min l)^-12);
the losses are discounted sums, so a series may change its mind.
"""

import numpy as np
import numpy.typing as npt

from models.forecast.experts import EXPERTS, PRIOR_WEIGHTS

Floats = npt.NDArray[np.float64]

DISCOUNT = 0.985
"""Of the loss record, per scored origin: it remembers about 67 of them."""

_TINY = np.finfo(np.float64).tiny


def expert_weights(loss_sum: Floats, loss_count: Floats) -> list[Floats]:
    """Weights of the experts, which sum to 1.

    Parameters
    ----------
    loss_sum
        Discounted sums of absolute errors, shape [..., EXPERTS].
    loss_count
        Discounted number of scored origins behind them, shape [...]; 0 gives the prior weights.

    Returns
    -------
    list of arrays
        One per expert, shape [...].
    """
    columns = [np.ascontiguousarray(loss_sum[..., e], np.float64) for e in range(EXPERTS)]
    least = columns[0]
    for column in columns[1:]:
        least = np.minimum(least, column)
    # w[e] ~ (min l / l[e])^12, and 1 where l[e] is the least (0 included)
    raw = [_twelfth(np.where(column <= least, 1.0, least / np.maximum(column, _TINY))) for column in columns]
    total = raw[0]
    for weight in raw[1:]:
        total = total + weight
    return [np.where(loss_count > 0, weight / total, prior) for weight, prior in zip(raw, PRIOR_WEIGHTS, strict=True)]


def _twelfth(ratio: Floats) -> Floats:
    square = ratio * ratio
    fourth = square * square
    return fourth * fourth * fourth
