"""Exponential smoothing by maximum likelihood: statsmodels' ETSModel with additive errors.

The first states are heuristic, so that only gains are estimated; whatever is fixed is not.
"""

import warnings
from typing import Any, NamedTuple

import numpy as np
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from models.arrays import Floats


class Form(NamedTuple):
    """A form of ETS.

    Attributes
    ----------
    damping
        Of its trend; None: it has none.
    period
        Of its season, in values; 0: it has none.
    level_gain
        The gain of its level where that is given; None: it is estimated.
    """

    damping: float | None = None
    period: int = 0
    level_gain: float | None = None


class Estimate(NamedTuple):
    """What the optimiser found: gains of level, trend and season (0 where there is no such part).

    `complaints` counts its warnings; where it has not converged the rest means little.
    """

    level: float
    trend: float
    season: float
    log_likelihood: float
    complaints: int
    has_converged: bool


def estimate(values: Floats, form: Form) -> Estimate:
    """Fit the gains of a form to values without gaps.

    The values are scaled first: the optimiser knows no units. Likelihoods of the same values are comparable.
    """
    model = _model(_scaled(values), form)
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        with model.fix_params(_fixed(form)):
            result = model.fit(disp=False)
    gains = dict(zip(model.param_names, np.asarray(result.params, np.float64).tolist(), strict=True))
    return Estimate(
        level=gains["smoothing_level"],
        trend=gains.get("smoothing_trend", 0.0),
        season=gains.get("smoothing_seasonal", 0.0),
        log_likelihood=float(result.llf),
        complaints=len(complaints),
        has_converged=bool(result.mle_retvals["converged"]) and bool(np.isfinite(result.llf)),
    )


def _model(values: Floats, form: Form) -> Any:
    return ETSModel(
        values,
        error="add",
        trend=None if form.damping is None else "add",
        damped_trend=form.damping is not None,
        seasonal="add" if form.period else None,
        seasonal_periods=form.period or None,
        initialization_method="heuristic",
    )


def _fixed(form: Form) -> dict[str, float]:
    fixed = {"damping_trend": form.damping, "smoothing_level": form.level_gain}
    return {name: value for name, value in fixed.items() if value is not None}


def _scaled(values: Floats) -> Floats:
    return np.asarray((values - np.mean(values)) / np.std(values))
