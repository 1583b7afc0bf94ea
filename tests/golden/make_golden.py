"""Writes `ets.json`: what statsmodels' ETSModel makes of a few series with given parameters and initial states.

Run from the repository's root, with the `fit` extra installed: ``python -m tests.golden.make_golden``.
"""

import json
import platform
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import statsmodels
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from models.arrays import Floats

SAMPLES = 40
PERIOD = 5
HORIZON = 12


class Form(NamedTuple):
    """One form of ETS, its gains and the damping of its trend; those of a part it does not have are 0."""

    trend: bool
    season: bool
    alpha: float
    beta: float
    gamma: float
    phi: float


FORMS = {
    "ANN": Form(False, False, 0.3, 0.0, 0.0, 0.0),
    "AAdN fast": Form(True, False, 0.5, 0.1, 0.0, 0.9),
    "AAdN slow": Form(True, False, 0.1, 0.01, 0.0, 0.98),
    "ANA": Form(False, True, 0.05, 0.0, 0.15, 0.0),
    "AAdA fast": Form(True, True, 0.4, 0.08, 0.25, 0.9),
    "AAdA slow": Form(True, True, 0.4, 0.08, 0.25, 0.98),
}


def series() -> dict[str, Floats]:
    """Seeded series: plain, with a level shift, rising, very large, very small, and constant."""
    rng = np.random.default_rng(20)
    t = np.arange(SAMPLES)
    season = np.array([3.0, -1.0, 0.5, -4.0, 1.5])[t % PERIOD]
    plain = 50.0 + season + rng.normal(size=SAMPLES)
    return {
        "plain": plain,
        "level_shift": plain + 300.0 * (t >= 17),
        "rising": 2.0 * t + season + 0.3 * rng.normal(size=SAMPLES),
        "large": 1e15 * (1.0 + 0.01 * rng.normal(size=SAMPLES)),
        "small": 1e-12 * (7.0 + season + rng.normal(size=SAMPLES)),
        "constant": np.full(SAMPLES, 7.25),
    }


def case(name: str, form_name: str, y: Floats) -> dict[str, Any]:
    """One series through one form."""
    form = FORMS[form_name]
    scale = float(np.mean(np.abs(y)))
    level, trend = 0.9 * scale, 0.01 * scale if form.trend else 0.0
    seasonal = (scale * np.array([0.02, -0.01, 0.0, 0.03, -0.04])).tolist() if form.season else []
    known: dict[str, Any] = {"initial_level": level}
    gains = [form.alpha]
    if form.trend:
        known["initial_trend"] = trend
        gains.append(form.beta)
    if form.season:
        known |= {"initial_seasonal": seasonal, "seasonal": "add", "seasonal_periods": PERIOD}
        gains.append(form.gamma)
    if form.trend:
        known |= {"trend": "add", "damped_trend": True}
        gains.append(form.phi)
    fitted = ETSModel(y, error="add", initialization_method="known", **known).smooth(gains)
    return {
        "series": name,
        "form": form_name,
        "alpha": form.alpha,
        "beta": form.beta,
        "gamma": form.gamma,
        "phi": form.phi,
        "initial_level": level,
        "initial_trend": trend,
        "initial_seasonal": seasonal,
        "level": fitted.level.tolist(),
        "trend": fitted.slope.tolist() if form.trend else [],
        "season": fitted.season.tolist() if form.season else [],
        "fitted": fitted.fittedvalues.tolist(),
        "forecast": fitted.forecast(HORIZON).tolist(),
    }


def main() -> None:
    """Write the file beside this one."""
    given = series()
    golden = {
        "made_with": {
            "statsmodels": statsmodels.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "period": PERIOD,
        "series": {name: y.tolist() for name, y in given.items()},
        "cases": [case(name, form, y) for name, y in given.items() for form in FORMS],
    }
    Path(__file__).with_name("ets.json").write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
