"""Damped trends against recursions written out."""

import math

import numpy as np
import pytest

from tests.models.forecast.experts.reading import said
from tests.models.forecast.feeding import one_series

VALUES = 40.0 + 0.1 * np.arange(300) + np.random.default_rng(3).uniform(-2, 2, 300)
VALUES[50::17] = np.nan


@pytest.mark.parametrize(
    ("name", "phi", "alpha", "beta"), [("trend_fast", 0.9, 0.5, 0.1), ("trend_slow", 0.98, 0.1, 0.01)]
)
def test_a_damped_trend_runs_on_over_missing_samples(name: str, phi: float, alpha: float, beta: float) -> None:
    bank, _ = one_series(VALUES)
    assert bank.arrays["outliers"][0] == 0
    level, slope, seen = float(VALUES[0]), 0.0, 0
    for value in VALUES.tolist():
        slope *= phi
        level += slope
        if not math.isnan(value):
            seen += 1
            error = value - level
            level, slope = level + max(alpha, 1.0 / seen) * error, slope + beta * error
    ahead = [1, 7, 30]
    expected = [level + slope * sum(phi**i for i in range(1, h + 1)) for h in ahead]
    np.testing.assert_allclose(said(bank, name, ahead), expected, rtol=1e-9)
