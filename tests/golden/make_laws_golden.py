"""Writes `laws.json`: what scipy makes of the distributions behind anomaly scores, incident budgets and ranges.

Run from the repository's root, with the `fit` extra installed: ``python -m tests.golden.make_laws_golden``.
"""

import json
import platform
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import statsmodels
from scipy.stats import expon, gumbel_r, invgauss
from statsmodels.stats.proportion import proportion_confint

EULER = 0.5772156649015329


def surprisals() -> list[dict[str, float]]:
    """-log10 of a Gumbel distribution's tail, of a given mean and variance."""
    cases = []
    for mean, variance in ((1.5, 0.16), (2.0, 1.0), (0.4, 0.02)):
        beta = float(np.sqrt(6.0 * variance) / np.pi)
        law = gumbel_r(loc=mean - EULER * beta, scale=beta)
        for score in (0.1, 0.5, 1.0, 1.5, 2.5, 4.0, 6.0):
            # -3 deviations from the mode on the surprisal is taken for 0; beyond 30 for u / ln 10.
            if -3.0 < (score - (mean - EULER * beta)) / beta < 30.0:
                surprisal = float(-law.logsf(score) / np.log(10.0))
                cases.append({"mean": mean, "variance": variance, "score": score, "surprisal": surprisal})
    return cases


def thresholds() -> list[dict[str, float]]:
    """What an exponential tail exceeds so often that is exceeded 24 times a day at 5.5, and half as often at 6.5."""
    law = expon(loc=5.5, scale=1.0 / np.log(2.0))
    return [{"per_day": per_day, "threshold": float(law.isf(per_day / 24.0))} for per_day in (0.5, 1.0, 4.0, 12.0)]


def passages() -> list[dict[str, float]]:
    """First passage of a walk that drifts towards its limit: the inverse Gaussian distribution."""
    cases = []
    for gap, drift, spread in ((10.0, 1.0, 2.0), (1.0, 0.05, 0.3), (50.0, 20.0, 4.0)):
        # IG(mean = a / mu, shape = a^2 / sigma^2); scipy's has the mean in units of the shape.
        shape = gap * gap / (spread * spread)
        law = invgauss(mu=gap / drift / shape, scale=shape)
        for hours in (0.5, 2.0, 6.0, 24.0, 168.0):
            p = float(law.cdf(hours))
            cases.append({"gap": gap, "drift": drift, "spread": spread, "hours": hours, "p": p})
    return cases


def intervals() -> list[dict[str, float]]:
    """Wilson's interval at 95 %."""
    cases = []
    for part, whole in ((0, 4), (1, 4), (5, 10), (37, 41), (120, 4_000)):
        low, high = proportion_confint(part, whole, method="wilson")
        cases.append({"part": part, "whole": whole, "low": float(low), "high": float(high)})
    return cases


def main() -> None:
    """Write the file beside this one."""
    golden: dict[str, Any] = {
        "made_with": {
            "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "surprisals": surprisals(),
        "thresholds": thresholds(),
        "passages": passages(),
        "intervals": intervals(),
    }
    Path(__file__).with_name("laws.json").write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
