"""Why a scaler gives no number. An autoscaler that gets an error falls back on what it was told to; one that gets a
wrong number acts on it."""

from enum import StrEnum
from typing import NamedTuple


class RefusalReason(StrEnum):
    """What is in the way of a number."""

    STARTING = "starting"
    UNKNOWN_SERIES = "unknown_series"
    TOO_MANY_SERIES = "too_many_series"
    MALFORMED = "malformed"
    AHEAD_OF_CLOCK = "ahead_of_clock"
    EXPIRED = "expired"
    STALE = "stale"
    WARMING = "warming"
    UNFIT = "unfit"
    BEYOND_HORIZON = "beyond_horizon"
    BEYOND_QUANTILES = "beyond_quantiles"
    NO_CURRENT_VALUE = "no_current_value"
    DRY_RUN = "dry_run"


class Refusal(NamedTuple):
    """A number that is not given. `series` is the one that is in the way, where it is one."""

    reason: RefusalReason
    message: str
    series: str | None = None
