"""AutoETS of statsforecast: of all exponential smoothings the one with the best AICc, chosen anew at every origin."""

from load.backtest.baselines.contract import PEERS_STATSFORECAST, Extra, Subject
from load.backtest.baselines.fitted import where_it_can
from load.backtest.baselines.intervals import deciles_of
from load.backtest.baselines.refit import Refit
from models.arrays import Floats


class AutoEts:
    """See the module."""

    name = "autoets"
    title = "AutoETS (statsforecast)"
    needs: Extra | None = PEERS_STATSFORECAST

    def begin(self, subject: Subject) -> Refit:
        """See `Baseline`."""
        return Refit(subject, where_it_can(_fitted))


def _fitted(values: Floats, subject: Subject) -> Floats:
    from statsforecast.models import AutoETS

    return deciles_of(AutoETS(season_length=subject.season), values, subject.horizon)
