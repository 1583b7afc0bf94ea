"""Deciles out of the central intervals that statsforecast's models give."""

from typing import Any

import numpy as np

from models.arrays import Floats
from streams.settings.forecast import DECILES, MEDIAN

COVERAGES = [20, 40, 60, 80]
"""Per cent; the ends of these intervals are the deciles but the median."""

_KEYS = [f"lo-{coverage}" for coverage in reversed(COVERAGES)] + ["mean"] + [f"hi-{coverage}" for coverage in COVERAGES]

assert len(_KEYS) == len(DECILES)
assert _KEYS[DECILES.index(MEDIAN)] == "mean"


def deciles_of(model: Any, values: Floats, horizon: int) -> Floats:
    """Fit a model to the values and forecast [horizon, deciles]."""
    made = model.forecast(y=values, h=horizon, level=COVERAGES)
    return np.stack([np.asarray(made[key], np.float64) for key in _KEYS], axis=-1)
