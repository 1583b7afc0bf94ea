"""What comes first on the board."""

from collections.abc import Collection, Iterable
from math import inf
from typing import TypeVar

from load.demo.predictions import Capacity, Failure
from load.generate.spec import HOUR_MS

KEPT_MS = 2 * HOUR_MS
"""A prediction is shown for so much event time after it has expired: history is read entity by entity."""

Prediction = TypeVar("Prediction", Capacity, Failure)


def most_urgent(predictions: Iterable[Capacity]) -> list[Capacity]:
    """What is likeliest full within a day first, then within a week; among equals, to the percent, what is sooner."""
    return sorted(predictions, key=_urgency)


def likeliest(predictions: Iterable[Failure]) -> list[Failure]:
    """The highest probability first."""
    return sorted(predictions, key=_unlikelihood)


def current(predictions: Collection[Prediction]) -> list[Prediction]:
    """Those that still hold at the time of the newest."""
    # Not the newest of any kind: one topic may be read further than another.
    now_ms = max([prediction.made_at_ms for prediction in predictions], default=0)
    return [prediction for prediction in predictions if prediction.expires_at_ms + KEPT_MS > now_ms]


def _urgency(prediction: Capacity) -> tuple[float, float, float, str]:
    p50_ms = inf if prediction.p50_ms is None else prediction.p50_ms
    return -round(prediction.p_24h, 2), -round(prediction.p_7d, 2), p50_ms, prediction.entity


def _unlikelihood(prediction: Failure) -> tuple[float, str, str]:
    return -prediction.probability, prediction.entity, prediction.metric
