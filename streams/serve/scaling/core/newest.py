"""The newest value of a series, as its forecast would have it."""

from collections.abc import Sequence
from math import isfinite

from streams.serve.scaling.core.forecast import SeriesForecast
from streams.serve.scaling.core.refusals import Refusal, RefusalReason

Sample = tuple[int, float]

SAMPLES = 2
"""So many of the newest are needed: a counter's rate lies between two."""

_SECOND_MS = 1_000


def newest_value(forecast: SeriesForecast, samples: Sequence[Sample], now_ms: int) -> float | Refusal:
    """The newest value, never below zero; of a counter its rate a second.

    Parameters
    ----------
    samples
        The newest samples of the series, (timestamp_ms, value), in the order of time.
    """
    valid_ms = forecast.expires_at_ms - forecast.origin_ms
    recent = [sample for sample in samples if sample[0] > now_ms - valid_ms and isfinite(sample[1])]
    if not recent or (forecast.is_rate and len(recent) < SAMPLES):
        message = (
            f"no recent value of {forecast.series} is known to hold the forecast against; "
            "look at the samples topic, or set scale_in_on_forecast"
        )
        return Refusal(RefusalReason.NO_CURRENT_VALUE, message, forecast.series)
    value = _rate(recent[-2], recent[-1]) if forecast.is_rate else recent[-1][1]
    return max(value, 0.0)


def _rate(before: Sample, after: Sample) -> float:
    """The rate a second between two samples of a counter; one that fell began again at zero."""
    grown = after[1] - before[1] if after[1] >= before[1] else after[1]
    return grown / max(after[0] - before[0], 1) * _SECOND_MS
