"""Capacity: how likely and when a series reaches its limit."""

from typing import Annotated, Literal

from models.capacity.looks import Expert
from models.capacity.status import Status
from streams.contract.records.failures import BASE_BRIER, BRIER
from streams.contract.records.prediction import PredictionFields
from streams.contract.words import (
    SERIES_UNIT,
    Count,
    Hours,
    InstantMs,
    Ints,
    Numbers,
    NumbersOrNull,
    Probability,
    Value,
    says,
    unit,
)


class CapacityFields(PredictionFields):
    """A capacity prediction: how likely and when a series reaches its limit, and how such predictions fared before."""

    rule: Annotated[str, says("the rule's name")]
    direction: Annotated[
        Literal["up", "down"], says("whether the limit is reached from below (`up`) or from above (`down`)")
    ]
    limit: Annotated[Value, says("the limit as it was at the last sample")]
    level: Annotated[Value, says("the series' level: the median of its minutes in the last half hour")]
    gap: Annotated[Value, says("what is left, from the level to the limit; 0 or less: it is reached")]
    status: Annotated[Status, says("`ok`, `filling`, `imminent` or `exhausted`; it has hysteresis")]
    urgency: Annotated[Probability, says("from 0 to 1, to rank by: the mean of the five probabilities")]
    p_within_1h: Annotated[Probability, says("probability that the limit is reached within an hour of the last sample")]
    p_within_6h: Annotated[Probability, says("within six hours")]
    p_within_24h: Annotated[Probability, says("within a day")]
    p_within_7d: Annotated[Probability, says("within a week")]
    p_within_30d: Annotated[Probability, says("within thirty days")]
    exhausted_at_p10_ms: Annotated[
        InstantMs | None, says("when it is reached with probability 0.1; `null`: not within `eta_horizon_h`")
    ]
    exhausted_at_p50_ms: Annotated[
        InstantMs | None, says("when it is reached with probability 0.5; `null`: not within `eta_horizon_h`")
    ]
    exhausted_at_p90_ms: Annotated[
        InstantMs | None, says("when it is reached with probability 0.9; `null`: not within `eta_horizon_h`")
    ]
    eta_horizon_h: Annotated[Hours, says("how far ahead is looked, in hours")]
    supported_h: Annotated[Hours, says("hours of history; an instant further ahead than that is extrapolation")]
    eta_supported: Annotated[
        bool,
        says(
            "whether `exhausted_at_p50_ms`, or where it is `null` the horizon, is no further ahead than the "
            "history is long"
        ),
    ]
    drift_per_h: Annotated[float, unit(f"{SERIES_UNIT}, per hour"), says("change per hour of the last day, robust")]
    levels_seen: Annotated[Count, says("half-hourly levels behind it, at most the last day's")]
    horizons_h: Annotated[
        Numbers,
        unit("h"),
        says("the spans of the five probabilities, in hours; the fields that follow have a place for each"),
    ]
    experts: Annotated[list[Expert], says("which expert weighs most, at each of them")]
    looks_settled: Annotated[Ints, unit("1"), says("earlier predictions whose outcome is known")]
    brier: Annotated[NumbersOrNull, unit("1"), says(BRIER)]
    base_brier: Annotated[
        NumbersOrNull,
        unit("1"),
        says(BASE_BRIER),
    ]
