"""Weights of the experts: a power of the inverse of their mean absolute error, per series and anchor horizon.

Inverse errors weigh combined forecasts since Bates and Granger (1969), powers of them since Stock and Watson (1998).
The twelfth is a choice: half of it and twice as much do as well on average (models/README.md, Ablation). Losses are
shrunk to the fleet's, and are discounted sums, so a series may change its mind; an anchor's own record is short, and
borrows from the anchors beside it.
"""

import numpy as np

from models.arrays import Floats

DISCOUNT = 0.985
"""Of the loss record, per scored origin: it remembers about 67 of them."""
PRIOR_ORIGINS = 3.0
"""Weight of the fleet's experience, in origins."""
BORROWED = 0.5
"""Weight of the records of the anchors beside one."""

_TINY = np.finfo(np.float64).tiny


def expert_weights(loss_sum: Floats, loss_count: Floats, loss_ratio: Floats) -> list[Floats]:
    """Weights of the experts, which sum to 1.

    Parameters
    ----------
    loss_sum
        Discounted sums of absolute errors, shape (n, a, e).
    loss_count
        Discounted number of scored origins behind them, shape (n, a).
    loss_ratio
        Of the fleet: each expert's mean error in units of the experts' mean, shape (e,), or (n, 1, e) where
        it is not the same for all series.

    Returns
    -------
    list of arrays
        One per expert, shape (n, a).
    """
    experts = range(loss_sum.shape[2])
    sums = [_borrowing(np.ascontiguousarray(loss_sum[:, :, e], np.float64)) for e in experts]
    count = _borrowing(loss_count)
    # Where nothing was scored all losses are 0: the fleet's ratios alone make the weights.
    mean = np.where(count > 0, _total(sums) / (len(sums) * np.where(count > 0, count, 1.0)), 1.0)
    # l = (L + n0 r mean) / (n + n0); the divisor is the same for all experts
    losses = [each + PRIOR_ORIGINS * loss_ratio[..., e] * mean for e, each in zip(experts, sums, strict=True)]
    least = losses[0]
    for loss in losses[1:]:
        least = np.minimum(least, loss)
    # w ~ (min l / l)^12, and 1 where l is the least (0 included)
    raw = [_twelfth(np.where(loss <= least, 1.0, least / np.maximum(loss, _TINY))) for loss in losses]
    total = _total(raw)
    return [weight / total for weight in raw]


def _borrowing(record: Floats) -> Floats:
    """A record of (n, a) with a share of those beside it."""
    whole = record.copy()
    whole[:, 1:] += BORROWED * record[:, :-1]
    whole[:, :-1] += BORROWED * record[:, 1:]
    return whole


def _total(arrays: list[Floats]) -> Floats:
    # One after the other: numpy's own sum may take another order for another shape.
    total = arrays[0]
    for each in arrays[1:]:
        total = total + each
    return total


def _twelfth(ratio: Floats) -> Floats:
    square = ratio * ratio
    fourth = square * square
    return fourth * fourth * fourth
