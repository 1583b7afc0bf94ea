"""Settings section `anomalies`: which anomalies are worth a record."""

from typing import Annotated, Literal

from pydantic import Field

from streams.settings.rules import Labels
from streams.settings.section import Number, Pattern, Section

AlarmDirection = Literal["up", "down", "both"]
MutableKind = Literal["value", "level_shift", "variance", "flat_line", "missing", "cadence"]

ALERTS_PER_WEEK = 0.25
"""About one a month of an ordinary series."""


class AnomalyRule(Section):
    """What to say of the anomalies of some series. All of it is about records: scores are learned in any case."""

    metric: Pattern = Field(description="A pattern of the metrics that the rule applies to, such as cpu_* or *.")
    labels: Labels = Field(default={}, description="Labels a series must have for the rule to apply to it.")
    alerts_per_week: Annotated[Number, Field(gt=0.0, le=10_000.0)] = Field(
        default=ALERTS_PER_WEEK, description="How many anomalies of its values an ordinary series may have in a week."
    )
    direction: AlarmDirection = Field(
        default="both", description="Which values are worth a record: those above what was expected, below, or both."
    )
    min_deviation: Annotated[Number, Field(ge=0.0)] = Field(
        default=0.0, description="A value nearer to the expected median than this is none, in the metric's unit."
    )
    min_relative: Annotated[Number, Field(ge=0.0)] = Field(
        default=0.0, description="Nor is one nearer than this share of the expected median, such as 0.2."
    )
    mute: tuple[MutableKind, ...] = Field(default=(), description="Kinds of anomalies that are not told.")
