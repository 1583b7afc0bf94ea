"""Settings section `limits`: what one worker takes on, and what it believes."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from streams.settings.durations import WEEK_MS, DurationMs, between
from streams.settings.instants import InstantMs, parse_instant
from streams.settings.section import Number, Section, Whole


class LimitSettings(Section):
    """What one worker takes on, and what it believes."""

    series_per_partition: Annotated[Whole, Field(ge=1, le=10_000_000)] = Field(
        default=50_000, description="Series that one partition holds; newcomers beyond it are rejected."
    )
    message_bytes: Annotated[Whole, Field(ge=1_024, le=64 * 2**20)] = Field(
        default=2**20, description="The longest telemetry message that is read."
    )
    rows_per_message: Annotated[Whole, Field(ge=1, le=1_000_000)] = Field(
        default=10_000, description="The most samples that are read from one message."
    )
    labels_per_series: Annotated[Whole, Field(ge=1, le=1_000)] = Field(
        default=64, description="The most labels that a series may have."
    )
    name_bytes: Annotated[Whole, Field(ge=16, le=65_536)] = Field(
        default=1_024, description="The longest name of a series, with all its labels, in UTF-8."
    )
    timestamp_min_ms: InstantMs = Field(
        default=parse_instant("2000-01-01T00:00:00Z"), description="Samples from before this instant are rejected."
    )
    timestamp_max_ms: InstantMs = Field(
        default=parse_instant("2100-01-01T00:00:00Z"),
        description="Samples from after this instant are rejected.",
    )
    value_abs: Annotated[Number, Field(gt=0.0, le=1e30)] = Field(
        default=1e18, description="Samples further from zero than this are rejected."
    )
    jump_steps: Annotated[Whole, Field(ge=1, le=100_000_000)] = Field(
        default=10_000, description="A sample more steps ahead than this is held until three later ones confirm it."
    )
    evict_after_ms: Annotated[DurationMs, between("1m", "3650d")] = Field(
        default=WEEK_MS, description="How long a series must be idle before a newcomer may take its place."
    )

    @model_validator(mode="after")
    def _some_timestamps_are_believed(self) -> Self:
        if self.timestamp_min_ms >= self.timestamp_max_ms:
            raise ValueError("timestamp_max must be after timestamp_min")
        return self
