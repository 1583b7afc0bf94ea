"""How far to trust each expert before a series has shown it: the errors of a fleet's experts beside each other."""

from collections.abc import Mapping, Sequence

import numpy as np

from models.arrays import Floats

RATIO_MIN, RATIO_MAX = 0.05, 20.0
ORIGINS_MIN = 5.0
"""Scored origins behind a record that counts."""


def loss_ratios(loss_sum: Floats, loss_count: Floats, names: Sequence[str]) -> dict[str, float]:
    """Each expert's mean error in units of the experts' mean: geometric mean over series and anchors.

    Parameters
    ----------
    loss_sum
        Of the bank's state: sums of absolute errors, shape (n, a, e).
    loss_count
        Origins behind them, shape (n, a).
    names
        Of the experts.

    Returns
    -------
    dict
        Empty where nothing was scored.
    """
    mean = loss_sum.mean(axis=2)
    counts = (loss_count >= ORIGINS_MIN) & (mean > 0)
    if not counts.any():
        return {}
    # r = L[e] / mean L
    ratio = np.clip(loss_sum[counts] / mean[counts][:, None], RATIO_MIN, RATIO_MAX)
    return dict(zip(names, np.exp(np.log(ratio).mean(axis=0)).tolist(), strict=True))


def pooled_ratios(fleets: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Geometric means over fleets of those they tell of."""
    told = [fleet for fleet in fleets if fleet]
    names = told[0] if told else ()
    return {name: round(float(np.exp(np.mean([np.log(fleet[name]) for fleet in told]))), 3) for name in names}
