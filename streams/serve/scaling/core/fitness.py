"""Whether a forecast may be acted on."""

from streams.schema import ForecastQuality
from streams.serve.scaling.core.forecast import SeriesForecast
from streams.serve.scaling.core.refusals import Refusal, RefusalReason
from streams.settings.durations import format_duration
from streams.settings.scalers import Scaler

_QUALITIES = {
    ForecastQuality.WARMING: (RefusalReason.WARMING, "too few of its forecasts have been compared with what came"),
    ForecastQuality.UNFIT: (RefusalReason.UNFIT, "seasonal naive did better, or the bands did not hold"),
    ForecastQuality.STALE: (RefusalReason.STALE, "an event excludes its newest samples from what is learned"),
}


def why_unfit(forecast: SeriesForecast, scaler: Scaler, now_ms: int) -> Refusal | None:
    """Why this forecast must not be acted on now; None if it may.

    A record that is `suppressed` may: nobody is to be alarmed of maintenance or a deploy, but the load is there.
    """
    for check in (_out_of_time, _of_quality, _out_of_reach):
        refusal = check(forecast, scaler, now_ms)
        if refusal is not None:
            return refusal
    return None


def _out_of_time(forecast: SeriesForecast, scaler: Scaler, now_ms: int) -> Refusal | None:
    series, age_ms = forecast.series, now_ms - forecast.origin_ms
    if age_ms < -forecast.step_ms:
        ahead = format_duration(-age_ms)
        message = f"the forecast of {series} is {ahead} ahead of the clock; is serve.now right, and is this clock?"
        return Refusal(RefusalReason.AHEAD_OF_CLOCK, message, series)
    if scaler.max_age_ms is not None and age_ms > scaler.max_age_ms:
        message = f"the newest forecast of {series} is {format_duration(age_ms)} old, more than max_age"
        return Refusal(RefusalReason.EXPIRED, message, series)
    if scaler.max_age_ms is None and now_ms >= forecast.expires_at_ms:
        message = f"the newest forecast of {series} is {format_duration(age_ms)} old, and has expired"
        return Refusal(RefusalReason.EXPIRED, message, series)
    return None


def _of_quality(forecast: SeriesForecast, _scaler: Scaler, _now_ms: int) -> Refusal | None:
    if forecast.quality not in _QUALITIES:
        return None
    reason, because = _QUALITIES[forecast.quality]
    return Refusal(reason, f"the forecast of {forecast.series} is {forecast.quality}: {because}", forecast.series)


def _out_of_reach(forecast: SeriesForecast, scaler: Scaler, now_ms: int) -> Refusal | None:
    end_ms = float(forecast.at_ms[-1])
    if now_ms + scaler.lead_time_ms > end_ms:
        reach = format_duration(max(round(end_ms) - now_ms, 0))
        message = (
            f"the forecast of {forecast.series} reaches {reach} from now, and lead_time is "
            f"{format_duration(scaler.lead_time_ms)}: raise forecast.horizon, or lower forecast.emit_every"
        )
        return Refusal(RefusalReason.BEYOND_HORIZON, message, forecast.series)
    lowest, highest = float(forecast.levels[0]), float(forecast.levels[-1])
    if not lowest <= scaler.quantile <= highest:
        message = (
            f"the forecast of {forecast.series} has quantiles from {lowest:g} to {highest:g}, not {scaler.quantile:g}"
        )
        return Refusal(RefusalReason.BEYOND_QUANTILES, message, forecast.series)
    return None
