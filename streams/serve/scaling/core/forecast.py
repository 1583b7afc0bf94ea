"""A forecast record as a scaler needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from streams.schema import ForecastQuality
from streams.serve.scaling.core.refusals import Refusal, RefusalReason

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SeriesForecast:
    """What is foretold of one series.

    Attributes
    ----------
    at_ms
        Instants that are spoken of, ascending, [k].
    levels
        Quantile levels, ascending, [m].
    quantiles
        [k, m], ascending along the last axis, finite.
    is_rate
        The series is a counter, and its rate a second is forecast.
    """

    series: str
    origin_ms: int
    expires_at_ms: int
    step_ms: int
    quality: ForecastQuality
    is_rate: bool
    at_ms: Floats
    levels: Floats
    quantiles: Floats


def read_forecast(series: str, record: Mapping[str, Any]) -> SeriesForecast | Refusal:
    """Take what is needed from a record; a number that is none, or quantiles that cross, spoil it as a whole."""
    try:
        origin_ms, step_ms = int(record["origin_ms"]), int(record["step_ms"])
        forecast = SeriesForecast(
            series=series,
            origin_ms=origin_ms,
            expires_at_ms=int(record["expires_at_ms"]),
            step_ms=step_ms,
            quality=ForecastQuality(record["quality"]),
            is_rate=record["transform"] is not None,
            at_ms=origin_ms + step_ms * np.asarray(record["horizon_steps"], np.float64),
            levels=np.asarray(record["levels"], np.float64),
            quantiles=np.asarray(record["quantiles"], np.float64),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        return _malformed(series, repr(error))
    problem = _problem(forecast)
    return _malformed(series, problem) if problem else forecast


def _problem(forecast: SeriesForecast) -> str | None:
    """What keeps a record that has all of its fields from being used."""
    at_ms, levels, quantiles = forecast.at_ms, forecast.levels, forecast.quantiles
    if at_ms.ndim != 1 or levels.ndim != 1 or not at_ms.size or not levels.size:
        return "no horizons or no levels"
    if quantiles.shape != (at_ms.size, levels.size):
        return "as many quantiles as horizons and levels are expected"
    if not all(np.isfinite(each).all() for each in (at_ms, levels, quantiles)):
        return "a number that is not finite"
    if forecast.step_ms <= 0 or (np.diff(at_ms) <= 0).any() or (np.diff(levels) <= 0).any():
        return "horizons or levels don't ascend"
    if (np.diff(quantiles, axis=1) < 0).any():
        return "quantiles cross"
    return None


def _malformed(series: str, problem: str) -> Refusal:
    return Refusal(RefusalReason.MALFORMED, f"the forecast of {series} can't be read: {problem}", series)
