"""HoltWinters of River: additive, with gains that are given and not learned, for River has no way to learn them.

Those here had the best mean of six on earlier days of the public recordings the engine is measured on.
"""

from load.backtest.baselines.contract import PEERS_RIVER, Extra, Subject
from load.backtest.baselines.online import Online

ALPHA, BETA, GAMMA = 0.1, 0.001, 0.3


class HoltWinters:
    """See the module."""

    name = "holtwinters"
    title = "HoltWinters (River)"
    needs: Extra | None = PEERS_RIVER

    def begin(self, subject: Subject) -> Online:
        """See `Baseline`."""
        from river.time_series import HoltWinters as Model

        season = (GAMMA, subject.season) if subject.season > 1 else ()
        return Online(subject, Model(ALPHA, BETA, *season))  # type: ignore[no-untyped-call]  # River types a part
