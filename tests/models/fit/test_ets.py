"""Maximum likelihood against series simulated with known gains: they are found again, and nothing is likelier.

Tolerances are three standard errors of these sample sizes, as 40 simulations of each showed them.
"""

import warnings
from typing import Any

import numpy as np
import pytest
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from models.arrays import Floats
from models.fit.ets import Form, estimate
from models.forecast.ets import ets_step


def simulated(form: Form, alpha: float, beta: float, gamma: float, samples: int, seed: int) -> Floats:
    """ETS(A, Ad, A) with unit normal errors, by the bank's own recursion."""
    rng = np.random.default_rng(seed)
    period, phi = max(form.period, 1), form.damping or 0.0
    level, trend = np.zeros(1), np.zeros(1)
    season = [np.array([3.0 * np.sin(2 * np.pi * phase / period)]) for phase in range(period)]
    y = np.empty(samples)
    for t in range(samples):
        # y[t] = l[t-1] + phi b[t-1] + s[t-m] + e[t]
        value = level + phi * trend + season[t % period] + rng.normal()
        y[t] = value[0]
        level, trend, season[t % period] = ets_step(level, trend, season[t % period], value, alpha, beta, gamma, phi)
    return y


def log_likelihood(y: Floats, form: Form, alpha: float, beta: float, gamma: float) -> float:
    """Of these gains, for the same first states and the same unit."""
    has_trend, has_season = form.damping is not None, form.period > 0
    model = ETSModel(
        (y - y.mean()) / y.std(),
        error="add",
        trend="add" if has_trend else None,
        damped_trend=has_trend,
        seasonal="add" if has_season else None,
        seasonal_periods=form.period or None,
        initialization_method="heuristic",
    )
    gains = [
        alpha,
        *([beta] if has_trend else []),
        *([gamma] if has_season else []),
        *([form.damping] if has_trend else []),
    ]
    return float(model.loglike(np.array(gains)))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("form", "alpha", "beta", "gamma", "tolerance"),
    [
        (Form(), 0.3, 0.0, 0.0, 0.09),
        (Form(), 0.8, 0.0, 0.0, 0.09),
        (Form(damping=0.9), 0.4, 0.1, 0.0, 0.12),
        (Form(damping=0.98), 0.4, 0.05, 0.0, 0.12),
        (Form(period=12, level_gain=1 / 12), 1 / 12, 0.0, 0.25, 0.09),
    ],
)
def test_gains_are_found_again_and_none_are_likelier(
    form: Form, alpha: float, beta: float, gamma: float, tolerance: float, seed: int
) -> None:
    y = simulated(form, alpha, beta, gamma, 1_500, seed)
    found = estimate(y, form)
    assert found.has_converged
    assert found.level == pytest.approx(alpha, abs=tolerance)
    assert found.trend == pytest.approx(beta, abs=tolerance / 2)
    assert found.season == pytest.approx(gamma, abs=tolerance)
    assert found.log_likelihood >= log_likelihood(y, form, alpha, beta, gamma) - 1e-6


def test_the_unit_of_the_values_does_not_matter() -> None:
    y = simulated(Form(), 0.3, 0.0, 0.0, 500, 1)
    plain, large = estimate(y, Form()), estimate(7e15 + 1e12 * y, Form())
    assert large.level == pytest.approx(plain.level, abs=1e-3)
    assert large.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-3)


class Complaining(ETSModel):  # type: ignore[misc]  # statsmodels has no types
    """An optimiser that is not satisfied."""

    def fit(self, **options: Any) -> Any:
        warnings.warn("the line search found nothing", ConvergenceWarning, stacklevel=2)
        return super().fit(**options)


def test_complaints_of_the_optimiser_are_counted_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr("models.fit.ets.ETSModel", Complaining)
    assert estimate(simulated(Form(), 0.3, 0.0, 0.0, 300, 1), Form()).complaints == 1
    assert not len(recwarn)
