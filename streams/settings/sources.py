"""Settings section `sources`: the telemetry topics to read."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from streams.codecs.registry import names
from streams.settings.durations import MINUTE_MS, DurationMs, between
from streams.settings.section import Number, Pattern, Patterns, Section, Text, Texts, TopicName, Whole
from streams.settings.zones import UTC_NAME, check_zone_name

Aggregate = Literal["mean", "max", "sum", "last"]


def _check_codec(name: str) -> str:
    if name not in names():
        raise ValueError(f"must be one of {', '.join(names())}, got {name!r}")
    return name


class MetricBounds(Section):
    """Values that forecasts of some metrics can't leave."""

    metric: Pattern = Field(description="A pattern of metrics, such as *_percent.")
    min: Number | None = Field(default=None, description="No forecast lies below it.")
    max: Number | None = Field(default=None, validate_default=True, description="No forecast lies above it.")

    @field_validator("max")
    @classmethod
    def _lies_above_min(cls, highest: float | None, info: ValidationInfo) -> float | None:
        if "min" not in info.data:
            return highest
        lowest = info.data["min"]
        if lowest is None and highest is None:
            raise ValueError("is missing, and so is min: bounds need one of them or both")
        if lowest is not None and highest is not None and highest <= lowest:
            raise ValueError(f"must be above min, which is {lowest:g}, got {highest:g}")
        return highest


class SourceSettings(Section):
    """A telemetry topic, and how to read it."""

    topic: TopicName = Field(description="The telemetry topic to read.")
    codec: Annotated[Text, AfterValidator(_check_codec)] = Field(
        default="auto", description="The format of its messages; auto tells by each message."
    )
    entity: Texts = Field(
        default=("host",), description="Labels that name the thing a series belongs to; without them all labels do."
    )
    step_ms: Annotated[DurationMs, between("100ms", "31d")] | None = Field(
        default=None, description="The time between two samples of a series; else inferred for each series."
    )
    aggregate: Aggregate | None = Field(
        default=None, description="What becomes of several samples in one step; else the first one counts at once."
    )
    lateness_steps: Annotated[Whole, Field(ge=0, le=1_000)] = Field(
        default=0, description="How many steps an aggregated step stays open for samples that come late."
    )
    silent_after_ms: Annotated[DurationMs, between("1s", "31d")] = Field(
        default=5 * MINUTE_MS, description="A partition that says nothing for so long holds back event time no more."
    )
    counters: Patterns = Field(
        default=(), description="Patterns of metrics that are counters, beside *_total, *_count and *_sum."
    )
    gauges: Patterns = Field(default=(), description="Patterns of metrics that are no counters whatever their name.")
    bounds: tuple[MetricBounds, ...] = Field(
        default=(), description="Values that metrics can't leave, such as 0 and 100 for a percentage."
    )
    timezone: Annotated[Text, AfterValidator(check_zone_name)] = Field(
        default=UTC_NAME, description="The time zone whose days and weeks the series follow, such as Europe/Berlin."
    )

    @field_validator("aggregate")
    @classmethod
    def _needs_a_step(cls, aggregate: Aggregate | None, info: ValidationInfo) -> Aggregate | None:
        if aggregate is not None and "step_ms" in info.data and info.data["step_ms"] is None:
            raise ValueError("needs a step: a step that is inferred from single samples can't hold several of them")
        return aggregate

    @field_validator("lateness_steps")
    @classmethod
    def _goes_with_aggregate(cls, lateness_steps: int, info: ValidationInfo) -> int:
        if lateness_steps and "aggregate" in info.data and info.data["aggregate"] is None:
            raise ValueError("has no effect without aggregate: a step is then closed by its first sample")
        return lateness_steps
