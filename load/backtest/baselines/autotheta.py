"""AutoTheta of statsforecast: the best of four theta models, without the season, chosen anew at every origin."""

from load.backtest.baselines.contract import PEERS_STATSFORECAST, Extra, Subject
from load.backtest.baselines.fitted import where_it_can
from load.backtest.baselines.intervals import deciles_of
from load.backtest.baselines.refit import Refit
from models.arrays import Floats


class AutoTheta:
    """See the module."""

    name = "autotheta"
    title = "AutoTheta (statsforecast)"
    needs: Extra | None = PEERS_STATSFORECAST

    def begin(self, subject: Subject) -> Refit:
        """See `Baseline`."""
        return Refit(subject, where_it_can(_fitted))


def _fitted(values: Floats, subject: Subject) -> Floats:
    from statsforecast.models import AutoTheta as Model

    return deciles_of(Model(season_length=subject.season), values, subject.horizon)
