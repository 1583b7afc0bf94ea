"""Settings sections `capacity` and `failures`: what to predict beside the forecasts."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from streams.settings.durations import DurationMs, between
from streams.settings.limits_file import LimitsFile, LoadedLimits
from streams.settings.section import Number, Pattern, Section, Text, of_section

Direction = Literal["up", "down"]
Labels = dict[Text, str]

_LIMITS = ("value", "metric", "label", "file")


class CapacityLimit(Section):
    """The value that must not be reached, from one of four places; never guessed from what the metric has been."""

    value: Number | None = Field(default=None, description="The limit as a number, in the metric's own unit.")
    metric: Text | None = Field(default=None, description="The metric of the same entity whose value is the limit.")
    label: Text | None = Field(default=None, description="The label of the series that holds the limit as a number.")
    file: LoadedLimits | None = Field(
        default=None,
        validate_default=True,
        description="A CSV or JSON file with a limit for each set of labels, read once when the settings are loaded.",
    )

    @field_validator("file")
    @classmethod
    def _is_one(cls, file: LimitsFile | None, info: ValidationInfo) -> LimitsFile | None:
        # A field that was refused is missing, and has its problem already.
        given = [name for name in _LIMITS if name == "file" or name in info.data]
        values = [file if name == "file" else info.data[name] for name in given]
        if len(given) == len(_LIMITS) and sum([value is not None for value in values]) != 1:
            which = " and ".join([name for name, value in zip(given, values, strict=True) if value is not None])
            raise of_section(f"give exactly one of {', '.join(_LIMITS)}, not {which or 'none'}")
        return file


class CapacityRule(Section):
    """Predict when a metric reaches its limit."""

    name: Text = Field(description="The rule's name in its predictions, unlike any other capacity rule's.")
    metric: Pattern = Field(description="A pattern of the metrics that the rule applies to, such as disk_*_bytes.")
    labels: Labels = Field(default={}, description="Labels a series must have for the rule to apply to it.")
    limit: CapacityLimit = Field(description="Where the limit comes from: one of the following.")
    direction: Direction = Field(
        default="up", description="Whether the limit is reached from below (up) or from above (down)."
    )

    @field_validator("limit")
    @classmethod
    def _is_another_metric(cls, limit: CapacityLimit, info: ValidationInfo) -> CapacityLimit:
        # A pattern that matches other metrics, too, passes its own limit over.
        if limit.metric is not None and limit.metric == info.data.get("metric"):
            raise ValueError(f"is the metric that it is the limit of, {limit.metric}, and no other fits the rule")
        return limit


class FailureRule(Section):
    """Predict how likely a metric stays beyond a threshold for some time."""

    name: Text = Field(description="The rule's name in its predictions, unlike any other failure rule's.")
    metric: Pattern = Field(description="A pattern of the metrics that the rule applies to, such as error_rate.")
    labels: Labels = Field(default={}, description="Labels a series must have for the rule to apply to it.")
    above: Number | None = Field(default=None, description="It is a failure while the metric is above this.")
    below: Number | None = Field(
        default=None, validate_default=True, description="It is a failure while the metric is below this."
    )
    for_ms: Annotated[DurationMs, between("1s", "31d")] = Field(
        description="How long the metric must stay beyond the threshold to count as a failure."
    )
    within_ms: Annotated[DurationMs, between("1s", "31d")] = Field(
        description="How far ahead to look: the probability is that of a failure within this time."
    )

    @field_validator("below")
    @classmethod
    def _is_one_threshold(cls, below: float | None, info: ValidationInfo) -> float | None:
        if "above" in info.data and (below is None) == (info.data["above"] is None):
            raise of_section(_exactly_one("above", "below", neither=below is None))
        return below

    @field_validator("within_ms")
    @classmethod
    def _has_room_for_a_failure(cls, within_ms: int, info: ValidationInfo) -> int:
        if within_ms < info.data.get("for_ms", 0):
            raise ValueError("must be at least as long as 'for': a shorter time has no room for a failure")
        return within_ms


def _exactly_one(first: str, second: str, *, neither: bool) -> str:
    return f"give exactly one of {first} and {second}, not {'neither' if neither else 'both'}"
