"""One expert's points for slot 0 of a bank."""

import numpy as np

from models.arrays import Floats
from models.calendar.clocks import Clocks
from models.forecast import series
from models.forecast.bank import ForecastBank
from models.forecast.experts.registry import families


def said(bank: ForecastBank, name: str, ahead: list[int], clocks: Clocks | None = None) -> Floats:
    """Its points so many steps after the last sample."""
    target = series.target(bank.arrays, np.array([0]), np.array([ahead]), clocks or Clocks.utc())
    for family in families(has_calendar=True, shapes=bank.shapes):
        if name in family.NAMES:
            return np.asarray(family.points(bank.arrays, target)[family.NAMES.index(name)][0])
    raise KeyError(name)
