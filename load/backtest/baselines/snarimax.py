"""SNARIMAX of River: seasonal differences, one lag of them and one of the errors, under a robust loss.

Those orders and that loss were the steadiest of 21 on earlier days of the public recordings the engine is measured on.
With River's default regressor most of the others grew beyond all bounds there.
"""

from load.backtest.baselines.contract import PEERS_RIVER, Extra, Subject
from load.backtest.baselines.online import Online

LEARNING_RATE = 0.01


class Snarimax:
    """See the module."""

    name = "snarimax"
    title = "SNARIMAX (River)"
    needs: Extra | None = PEERS_RIVER

    def begin(self, subject: Subject) -> Online:
        """See `Baseline`."""
        from river.linear_model import LinearRegression
        from river.optim import SGD
        from river.optim.losses import Huber
        from river.preprocessing import StandardScaler
        from river.time_series import SNARIMAX

        regressor = StandardScaler() | LinearRegression(optimizer=SGD(LEARNING_RATE), loss=Huber())
        seasons = 0 if subject.season == 1 else 1
        return Online(subject, SNARIMAX(p=1, d=0, q=1, m=subject.season, sd=seasons, regressor=regressor))
