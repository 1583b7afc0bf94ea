"""Settings section `incidents`: what is compared, what belongs together, and how often to be told."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import Field

from streams.settings.durations import HOUR_MS, MINUTE_MS, DurationMs, between
from streams.settings.section import Number, Pattern, Section, Texts, Whole

DEPENDENCIES_MAX = 1_000


class MetricWeight(Section):
    """How much metrics count in an entity's score."""

    metric: Pattern = Field(description="A pattern of metrics, such as *latency*.")
    weight: Annotated[Number, Field(ge=0.0, le=100.0)] = Field(
        description="How much they count; 0 leaves them out, and metrics that no pattern fits count 1."
    )


# A slow callee makes its callers slow: latency says that something is wrong, and points at the wrong one.
SPREADING_METRICS = ("*latency*", "*duration*", "*response_time*")


class Dependency(Section):
    """Who calls whom. An entity is meant if any value of its labels fits the pattern."""

    caller: Pattern = Field(description="A pattern of a label value of the entities that depend on the callee.")
    callee: Pattern = Field(description="A pattern of a label value of the entities that they depend on.")


class IncidentSettings(Section):
    """What is compared, what belongs together, and how often to be told."""

    scope: Texts = Field(
        default=(),
        description="Labels whose values part the fleet: entities are compared and joined within a part.",
    )
    per_day: Annotated[Number, Field(gt=0.0, le=288.0)] = Field(
        default=4.0, description="How many incidents of a scope a day without any may open for no reason."
    )
    metrics: tuple[MetricWeight, ...] = Field(
        default=tuple(MetricWeight(metric=metric, weight=0.0) for metric in SPREADING_METRICS),
        description="How much metrics count, by the first pattern that fits.",
    )
    agree: Annotated[Whole, Field(ge=1, le=100)] = Field(
        default=1, description="How many entities or notices must agree before an incident is told."
    )
    flood: Annotated[Whole, Field(ge=1, le=10_000)] = Field(
        default=20, description="When more entities than this are struck at once, time alone joins them no more."
    )
    quiet_ms: Annotated[DurationMs, between("1m", "1d")] = Field(
        default=8 * MINUTE_MS, description="An incident closes after so long without a sign."
    )
    life_ms: Annotated[DurationMs, between("10m", "31d")] = Field(
        default=4 * HOUR_MS, description="And after so long in any case."
    )


def weight_of(metric: str, weights: Sequence[MetricWeight]) -> float:
    """How much a metric counts, by the first pattern that fits, in whatever case it is written."""
    name = metric.lower()
    return next((each.weight for each in weights if fnmatchcase(name, each.metric.lower())), 1.0)
