"""Hazards: how likely an entity fails."""

from typing import Annotated

from typing_extensions import TypedDict

from streams.contract.records.entities import EntityFields
from streams.contract.words import (
    Count,
    DurationMs,
    InstantMs,
    Ints,
    Numbers,
    Probability,
    Share,
    SquaredError,
    says,
    unit,
)


class DriverFields(TypedDict):
    """A sign that adds to an entity's score."""

    text: Annotated[str, says("the sign, for people")]
    series: Annotated[str, says("the series that shows it")]
    sign: Annotated[str, says("what is looked at in its metric")]
    share: Annotated[float, unit("log odds"), says("what it adds to the score")]


class _Chances(EntityFields):
    origin_ms: Annotated[InstantMs, says("the begin of the round: of the hazard's `every`")]
    last_sample_at_ms: Annotated[InstantMs, says("the newest sample's own time")]
    expires_at_ms: Annotated[InstantMs, says("two rounds after the origin")]
    model: Annotated[str, says("version of the model")]
    hazard: Annotated[str, says("the hazard's name")]
    within_ms: Annotated[DurationMs, says("its `within`")]
    probability: Annotated[Probability, says("that a failure begins within `within_ms`")]
    failing: Annotated[bool, says("a failure is reported and not over; the probability is 1")]
    is_prior: Annotated[
        bool,
        says("no failure of a fleet is counted: the probability is that of the settings' `prior` and `signs`"),
    ]
    calibration: Annotated[
        str | None, says("name of the counts behind it, which changes with any of them; `null` without")
    ]
    score: Annotated[float, unit("log odds"), says("the weighted sum of the signs, the logarithm of odds")]
    flagged: Annotated[bool | None, says("whether the score is above the threshold; `null` without one")]
    threshold: Annotated[
        Annotated[float, unit("log odds")] | None,
        says("what only `flag_budget` of the counted fleet's entities ever rise above; `null` without a calibration"),
    ]
    flag_budget: Annotated[Share, says("the setting")]
    flagged_since_ms: Annotated[InstantMs | None, says("since when, without a break; `null` where it is not")]
    drivers: Annotated[list[DriverFields], says("up to three signs that add most to the score")]


class HazardRecordFields(TypedDict):
    """How earlier predictions of the entity fared."""

    looks_settled: Annotated[
        Count,
        says(
            "earlier predictions of this entity whose outcome is known: a miss a day after `within_ms`, for "
            "people report "
            "late"
        ),
    ]
    failures_seen: Annotated[Count, says("failures reported")]
    brier: Annotated[SquaredError | None, says("mean squared error of those predictions; `null` before the first")]
    base_brier: Annotated[SquaredError | None, says("the same, had the fleet's frequency been predicted each time")]
    bin_looks: Annotated[Ints, unit("1"), says("settled predictions by their probability: below 0.1, below 0.2, ...")]
    bin_hits: Annotated[Ints, unit("1"), says("those of them that a failure followed")]
    bin_p: Annotated[Numbers, unit("1"), says("the sum of their probabilities")]
    flags: Annotated[Count, says("stretches in which it was flagged, and whose outcome is known")]
    flags_right: Annotated[Count, says("those in which it failed")]
    lead_p50_ms: Annotated[
        Annotated[float, unit("ms")] | None,
        says("how long before the failure the right ones began, median, to a factor of two; `null` before the first"),
    ]


class HazardFields(_Chances, HazardRecordFields):
    """A hazard: how likely an entity fails soon, why, and how such predictions fared."""
