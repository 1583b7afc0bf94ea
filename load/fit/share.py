"""One recording's share in a fit: its sample of series, parted into what is fitted to and what is held out."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from load.backtest.plan import Plan, plan_of, usual_step_ms
from load.fit.sample import Held
from streams.settings.model import Settings


@dataclass(frozen=True, slots=True)
class Share:
    """Samples, and the plan of forecasts in their last fifth: the first origin parts the two."""

    held: Held
    plan: Plan

    @classmethod
    def of(cls, held: Held, settings: Settings) -> Self:
        """The share of these samples."""
        step_ms = settings.sources[0].step_ms or usual_step_ms(held)
        return cls(held, plan_of(held.span_ms(), step_ms, settings.forecast.horizon, None))

    @property
    def fitted_to(self) -> Held:
        """Samples up to the first origin."""
        table = self.held.table
        rows = int(np.searchsorted(table.timestamp_ms, self.plan.origins_ms[0], side="right"))
        return Held(self.held.name, table.rows(0, rows))
