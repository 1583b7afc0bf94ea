"""The load that is coming, of one series or of several."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from streams.serve.scaling.core.board import Board
from streams.serve.scaling.core.fitness import why_unfit
from streams.serve.scaling.core.forecast import SeriesForecast, read_forecast
from streams.serve.scaling.core.newest import SAMPLES, newest_value
from streams.serve.scaling.core.refusals import Refusal, RefusalReason
from streams.serve.scaling.core.window import Foretold, foretold
from streams.settings.scalers import Scaler

SERIES_MAX = 1_000
"""More series than this are not one load: add them up before they are forecast."""


class Load(NamedTuple):
    """What there is to carry.

    Attributes
    ----------
    largest, at_lead
        As foretold, from now until the end of the lead time and at that end.
    newest
        The newest value; None where it does not count.
    origin_ms
        That of the oldest forecast among them.
    """

    largest: float
    at_lead: float
    newest: float | None
    origin_ms: int
    series: tuple[str, ...]

    @property
    def to_carry(self) -> float:
        """The load to have replicas for."""
        return max(self.largest, self.newest or 0.0)


def coming_load(board: Board, scaler: Scaler, now_ms: int) -> Load | Refusal:
    """The load of a scaler's series.

    Quantiles of several series are added up as if all rose together: above the median that is cautious, for they seldom
    do. One series without a fit forecast spoils the sum, because what it lacks would look like less load.
    """
    names = _names(board, scaler)
    if isinstance(names, Refusal):
        return names
    forecasts = []
    for name in names:
        forecast = _fit_forecast(board, scaler, name, now_ms)
        if isinstance(forecast, Refusal):
            return forecast
        forecasts.append(forecast)
    newest = None if scaler.scale_in_on_forecast else _newest(board, scaler, forecasts, now_ms)
    if isinstance(newest, Refusal):
        return newest
    until_ms = now_ms + scaler.lead_time_ms
    parts = [foretold(forecast, now_ms, until_ms, scaler.quantile) for forecast in forecasts]
    load = _together(scaler, forecasts, parts, newest)
    if isfinite(load.to_carry):
        return load
    return Refusal(RefusalReason.MALFORMED, "the load is too large for a number")


def _names(board: Board, scaler: Scaler) -> Sequence[str] | Refusal:
    if not board.ready:
        return Refusal(RefusalReason.STARTING, "the topics have not been read to their ends yet")
    if scaler.series is not None:
        return [scaler.series]
    names = board.matching(scaler.metric or "*", scaler.labels, SERIES_MAX + 1)
    if not names:
        wanted = f"{scaler.metric} with labels {scaler.labels}" if scaler.labels else scaler.metric
        return Refusal(RefusalReason.UNKNOWN_SERIES, f"no series fits {wanted}")
    if len(names) > SERIES_MAX:
        message = f"more than {SERIES_MAX:,} series fit {scaler.metric}: add them up before they are sent"
        return Refusal(RefusalReason.TOO_MANY_SERIES, message)
    return sorted(names)


def _fit_forecast(board: Board, scaler: Scaler, name: str, now_ms: int) -> SeriesForecast | Refusal:
    record = board.forecast(name)
    if record is None:
        return Refusal(RefusalReason.UNKNOWN_SERIES, f"there is no forecast of {name}", name)
    forecast = read_forecast(name, record)
    if isinstance(forecast, Refusal):
        return forecast
    return why_unfit(forecast, scaler, now_ms) or forecast


def _newest(board: Board, scaler: Scaler, forecasts: Sequence[SeriesForecast], now_ms: int) -> float | Refusal:
    values = []
    for forecast in forecasts:
        value = newest_value(forecast, board.newest(forecast.series, SAMPLES), now_ms)
        if isinstance(value, Refusal):
            return value
        values.append(value)
    return _combined(scaler, values)


def _together(
    scaler: Scaler, forecasts: Sequence[SeriesForecast], parts: Sequence[Foretold], newest: float | None
) -> Load:
    return Load(
        largest=_combined(scaler, [part.largest for part in parts]),
        at_lead=_combined(scaler, [part.at_end for part in parts]),
        newest=newest,
        origin_ms=min(forecast.origin_ms for forecast in forecasts),
        series=tuple(forecast.series for forecast in forecasts),
    )


def _combined(scaler: Scaler, values: Sequence[float]) -> float:
    return sum(values) if scaler.combine == "sum" else max(values)
