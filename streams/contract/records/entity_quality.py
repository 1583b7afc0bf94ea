"""How predictions of entities fare, of hazards and of objectives."""

from typing import Annotated

from typing_extensions import TypedDict

from streams.contract.records.entities import EntityFields
from streams.contract.records.failures import BRIER, SettledFields
from streams.contract.words import Count, DurationMs, InstantMs, Ints, Numbers, Probability, SquaredError, says, unit


class EntityQualityFields(EntityFields):
    """What both begin with."""

    origin_ms: Annotated[InstantMs, says("the newest sample's own time")]
    last_sample_at_ms: Annotated[InstantMs, says("the same")]
    expires_at_ms: Annotated[
        InstantMs,
        says("when a second one should have taken its place: later the entity is silent, and its counts stand"),
    ]
    model: Annotated[str, says("version of the model")]


class _Hazard(EntityQualityFields):
    hazard: Annotated[str, says("the hazard's name")]
    within_ms: Annotated[DurationMs, says("its `within`")]
    calibration: Annotated[str | None, says("name of the counts behind the predictions; `null` without")]
    looks_settled: Annotated[Count, says("earlier predictions of this entity whose outcome is known")]
    failures_seen: Annotated[Count, says("failures reported")]


class HazardSettledFields(TypedDict):
    """How a hazard's predictions of an entity fared that are settled."""

    brier: Annotated[SquaredError | None, says(BRIER)]
    base_brier: Annotated[SquaredError | None, says("the same, had the fleet's frequency been predicted each time")]
    bin_looks: Annotated[Ints, unit("1"), says("settled predictions by their probability: below 0.1, below 0.2, ...")]
    bin_hits: Annotated[Ints, unit("1"), says("those of them that a failure followed")]
    bin_p: Annotated[Numbers, unit("1"), says("the sum of their probabilities")]
    flags: Annotated[Count, says("stretches in which it was flagged, and whose outcome is known")]
    flags_right: Annotated[Count, says("those in which it failed")]
    leads: Annotated[
        Ints,
        unit("1"),
        says("the right ones by how long before the failure they began, as in failure quality"),
    ]
    precision: Annotated[Probability | None, says("`flags_right` over `flags`; `null` before the first")]
    recall: Annotated[Probability | None, says("`flags_right` over `failures_seen`; `null` before the first")]
    lead_p50_ms: Annotated[
        Annotated[float, unit("ms")] | None,
        says("how long before the failure the right ones began, median, to a factor of two; `null` before the first"),
    ]
    score_looks: Annotated[
        Ints, unit("1"), says("settled predictions by their score: up to 0, up to 0.5, ..., above 11")
    ]
    score_hits: Annotated[Ints, unit("1"), says("those of them that a failure followed")]
    score_max: Annotated[
        Annotated[float, unit("log odds")] | None,
        says("the entity's highest score outside failures; `null` before the first"),
    ]


class HazardQualityFields(_Hazard, HazardSettledFields):
    """How a hazard's predictions of an entity fare, as counts and sums that add up over entities."""


class _Objective(EntityQualityFields):
    objective: Annotated[str, says("the objective's name")]
    within_ms: Annotated[DurationMs, says("an hour, which all fields but those by horizon are about")]
    looks_settled: Annotated[Count, says("earlier predictions at an hour whose outcome is known")]
    alerts_seen: Annotated[Count, says("alerts that began")]


class ObjectiveQualityFields(_Objective, SettledFields):
    """How the predictions of an objective's alerts fare, as counts and sums that add up over entities."""
