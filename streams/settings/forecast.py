"""Settings section `forecast`: what is forecast, and how often."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from models.forecast.horizons import HORIZON_MAX
from streams.settings.params_file import LoadedParams
from streams.settings.section import Number, Section, Whole

DECILES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
MEDIAN = 0.5
QUANTILES_MAX = 99


class ForecastSettings(Section):
    """What is forecast, and how often."""

    horizon: Annotated[Whole, Field(ge=1, le=HORIZON_MAX)] = Field(
        default=48, description="How many steps ahead each series is forecast."
    )
    quantiles: tuple[Number, ...] = Field(
        default=DECILES, max_length=QUANTILES_MAX, description="The quantiles of a forecast, ascending, 0.5 among them."
    )
    emit_every: Annotated[Whole, Field(ge=1, le=10_000)] = Field(
        default=12, description="How many steps of a series lie between its forecasts."
    )
    params: LoadedParams | None = Field(
        default=None, description="A parameter file that `foreshock fit` wrote, read once when the settings are loaded."
    )

    @field_validator("quantiles")
    @classmethod
    def _ascend_and_hold_the_median(cls, quantiles: tuple[float, ...]) -> tuple[float, ...]:
        for quantile in quantiles:
            if not 0.0 < quantile < 1.0:
                raise ValueError(f"must lie strictly between 0 and 1, got {quantile}")
        for lower, upper in pairwise(quantiles):
            if lower >= upper:
                raise ValueError(f"must ascend strictly, but {upper} follows {lower}")
        if MEDIAN not in quantiles:
            raise ValueError("must hold 0.5: the median is the point forecast")
        return quantiles
