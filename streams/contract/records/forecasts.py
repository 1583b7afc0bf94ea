"""Forecasts of series, and how these fare."""

from typing import Annotated

from streams.contract.records.prediction import PredictionFields
from streams.contract.words import (
    SERIES_UNIT,
    Count,
    Ints,
    NumberRows,
    Numbers,
    NumbersOrNull,
    Share,
    says,
    unit,
)
from streams.schema import ForecastQuality

_SKILL = (
    "how its series' earlier forecasts fared, all horizons together: the share of seasonal naive's "
    "loss that they saved; "
    "`null` before the first comparison"
)
_COVERAGE = (
    "share of the values that came which lay from the 0.1 to the 0.9 quantile, all horizons together; "
    "`null` before the first"
)


class ForecastFields(PredictionFields):
    """A forecast: the quantiles of a series at a few horizons ahead."""

    horizon_steps: Annotated[
        Ints,
        unit("steps"),
        says("steps ahead of the origin: at most 12, geometrically spaced, from 1 to `forecast.horizon`"),
    ]
    levels: Annotated[Numbers, unit("1"), says("the probabilities of the quantiles: `forecast.quantiles`")]
    quantiles: Annotated[
        NumberRows, unit(SERIES_UNIT), says("a row for each horizon, a column for each level, in the series' unit")
    ]
    origins_scored: Annotated[
        Count, says("earlier forecasts of this series whose first horizon was compared with what came")
    ]
    quality: Annotated[ForecastQuality, says("whether it is worth acting on")]
    skill: Annotated[Share | None, says(_SKILL)]
    coverage_80: Annotated[Share | None, says(_COVERAGE)]
    skill_by_horizon: Annotated[NumbersOrNull, unit("1"), says("skill of each horizon")]
    coverage_80_by_horizon: Annotated[NumbersOrNull, unit("1"), says("coverage of each horizon")]


class QualityFields(PredictionFields):
    """How the forecasts of a series fare, in full."""

    quality: Annotated[ForecastQuality, says("as in the forecast of the same origin")]
    skill: Annotated[Share | None, says(_SKILL)]
    coverage_80: Annotated[Share | None, says(_COVERAGE)]
    skill_by_horizon: Annotated[NumbersOrNull, unit("1"), says("skill of each horizon")]
    coverage_80_by_horizon: Annotated[NumbersOrNull, unit("1"), says("coverage of each horizon")]
    horizon_steps: Annotated[Ints, unit("steps"), says("the horizons, in steps ahead of the origin")]
    origins_by_horizon: Annotated[
        Numbers, unit("1"), says("forecasts that were compared at each horizon, older ones discounted")
    ]
    loss_by_horizon: Annotated[
        NumbersOrNull,
        unit(SERIES_UNIT),
        says("their mean loss, discounted, in the series' unit; `null` before the first"),
    ]
    naive_loss_by_horizon: Annotated[
        NumbersOrNull, unit(SERIES_UNIT), says("that of seasonal naive; `null` before the first")
    ]
