"""Settings section `scalers`: what autoscalers are told, and which replicas they may be told of."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictStr, model_validator

from streams.series import parse_series, series_name
from streams.settings.durations import MINUTE_MS, DurationMs, between
from streams.settings.rules import Labels
from streams.settings.section import Number, Pattern, Section, Text, Whole

Output = Literal["replicas", "load"]
Combination = Literal["sum", "max"]

NAME_CHARACTERS_MAX = 40
REPLICAS_MAX = 100_000

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def _fits_a_metric(name: str) -> str:
    # It becomes a part of a metric's name in Kubernetes, and of a URL.
    if not _NAME.fullmatch(name) or len(name) > NAME_CHARACTERS_MAX:
        raise ValueError(f"must be at most {NAME_CHARACTERS_MAX} of a-z, 0-9 and inner dashes, got {name!r}")
    return name


def _as_records_have_it(series: str) -> str:
    return series_name(parse_series(series))


SeriesName = Annotated[Text, AfterValidator(_as_records_have_it)]


class Scaler(Section):
    """Tell an autoscaler how many replicas the load will need by the time that new ones are ready."""

    name: Annotated[StrictStr, AfterValidator(_fits_a_metric)] = Field(
        description="The name that an autoscaler asks for, unlike any other scaler's."
    )
    series: Annotated[Text, AfterValidator(_as_records_have_it)] | None = Field(
        default=None, description="The series that is the load, with all its labels."
    )
    metric: Pattern | None = Field(default=None, description="Or a pattern of the metrics of several series.")
    labels: Labels = Field(default={}, description="Labels that these must have.")
    combine: Combination = Field(
        default="sum", description="What several series come to: their sum, or the largest of them."
    )
    per_replica: Annotated[Number, Field(gt=0)] = Field(
        description="The load that one replica carries, with the headroom that it should keep."
    )
    output: Output = Field(default="replicas", description="What the autoscaler is given: replicas, or the load.")
    lead_time_ms: Annotated[DurationMs, between("1s", "1d")] = Field(
        default=5 * MINUTE_MS, description="From the decision for a replica until it carries load."
    )
    quantile: Annotated[Number, Field(gt=0, lt=1)] = Field(
        default=0.9, description="How sure to be that the load is carried, within `forecast.quantiles`."
    )
    scale_in_on_forecast: bool = Field(
        default=False, description="Whether a forecast may ask for fewer replicas than the newest value needs."
    )
    min_replicas: Annotated[Whole, Field(ge=0, le=REPLICAS_MAX)] = Field(
        default=1, description="Never fewer; 0 lets an autoscaler end them all."
    )
    max_replicas: Annotated[Whole, Field(ge=1, le=REPLICAS_MAX)] = Field(description="Never more.")
    step_up: Annotated[Whole, Field(ge=1, le=REPLICAS_MAX)] | None = Field(
        default=None, description="At most so many replicas more in one `step_interval`."
    )
    step_down: Annotated[Whole, Field(ge=1, le=REPLICAS_MAX)] | None = Field(
        default=None, description="At most so many fewer."
    )
    step_interval_ms: Annotated[DurationMs, between("1s", "1d")] = Field(
        default=MINUTE_MS, description="The time that these two are for."
    )
    stabilisation_ms: Annotated[DurationMs, between("1s", "1d")] | None = Field(
        default=None, description="Never fewer than were asked for in this time; an HPA waits 5m of itself."
    )
    max_age_ms: Annotated[DurationMs, between("1s", "31d")] | None = Field(
        default=None, description="An older forecast is refused; else one that has expired is."
    )
    dry_run: bool = Field(default=False, description="Decide and keep what was decided, but give no value.")

    @model_validator(mode="after")
    def _names_its_series(self) -> Self:
        if (self.series is None) == (self.metric is None):
            raise ValueError("give exactly one of series and metric")
        if self.series is not None and self.labels:
            raise ValueError("labels go with metric: a series is named with all of its own")
        return self

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if self.min_replicas > self.max_replicas:
            raise ValueError(f"min_replicas is {self.min_replicas}, more than max_replicas, {self.max_replicas}")
        return self
