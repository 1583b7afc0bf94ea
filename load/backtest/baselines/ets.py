"""Exponential smoothing of statsmodels: additive errors, a damped trend, and a season where there are enough of them.

The smoothing parameters are those of the greatest likelihood. The first states are heuristic: with a season of 288
steps there are too many of them to be estimated.
"""

import warnings

import numpy as np

from load.backtest.baselines.contract import FIT, Extra, Subject
from load.backtest.baselines.deciles import normal_deciles
from load.backtest.baselines.fitted import where_it_can
from load.backtest.baselines.refit import Refit
from models.arrays import Floats

SEASONS_NEEDED = 3


class Ets:
    """See the module."""

    name = "ets"
    title = "ETS (statsmodels)"
    needs: Extra | None = FIT

    def begin(self, subject: Subject) -> Refit:
        """See `Baseline`."""
        return Refit(subject, where_it_can(_fitted))


def _fitted(values: Floats, subject: Subject) -> Floats:
    from pandas import Series
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    has_season = subject.season > 1 and len(values) >= SEASONS_NEEDED * subject.season
    # Its intervals need an index.
    model = ETSModel(
        Series(values),
        error="add",
        trend="add",
        damped_trend=True,
        seasonal="add" if has_season else None,
        seasonal_periods=subject.season if has_season else None,
        initialization_method="heuristic",
    )
    with warnings.catch_warnings():
        # That the optimiser was not satisfied says little of the forecasts, which are scored.
        warnings.simplefilter("ignore")
        result = model.fit(disp=False)
        ahead = result.get_prediction(start=len(values), end=len(values) + subject.horizon - 1)
    return normal_deciles(np.asarray(ahead.predicted_mean), np.sqrt(np.asarray(ahead.forecast_variance)))
