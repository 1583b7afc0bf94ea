"""Settings section `hazards`: how likely entities of a class fail, by signs of wear that their series show."""

import zlib
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, PlainSerializer, PlainValidator, ValidationInfo, field_validator, model_validator

from models.failure.calibration import FleetCounts
from streams.settings.durations import HOUR_MS, DurationMs, between
from streams.settings.rules import Labels
from streams.settings.section import NotEmpty, Number, Pattern, Section, Text, of_section

SIGNS_MAX = 32

Sign = Literal["present", "level", "rise", "change", "surprise", "trend", "flat", "restart", "closeness"]

_UNSCALED = ("present", "closeness")


@dataclass(frozen=True)
class CountsFile:
    """Counts of a fleet for one hazard, as a backtest wrote them, with a name that their figures give them."""

    path: str
    name: str
    mark: str
    counts: FleetCounts


def _is_loaded(value: object) -> CountsFile:
    # Settings are plain data without files: `load_settings` reads this one and puts it in the path's place.
    if not isinstance(value, CountsFile):
        raise ValueError(f"must be the path of a backtest's hazards.json, as text, got {value!r}")  # noqa: TRY004  # pydantic's
    return value


LoadedCounts = Annotated[
    CountsFile, PlainValidator(_is_loaded), PlainSerializer(lambda file: file.path, return_type=str)
]


class HazardSign(Section):
    """One sign of wear, and how much it says."""

    metric: Pattern = Field(description="A pattern of metrics that show it; of several series the strongest counts.")
    sign: Sign = Field(description="What is looked at in the metric.")
    weight: Number = Field(description="How much it adds to the score, the logarithm of odds, in units of `scale`.")
    scale: Annotated[Number, Field(gt=0)] | None = Field(
        default=None,
        description="It is divided by this, then cut at 5; else 1 for present and closeness, 2 for others.",
    )
    limit: Annotated[Number, Field(gt=0)] | None = Field(
        default=None, validate_default=True, description="With closeness: what the metric comes close to."
    )

    @field_validator("limit")
    @classmethod
    def _limit_goes_with_closeness(cls, limit: float | None, info: ValidationInfo) -> float | None:
        if "sign" in info.data and (info.data["sign"] == "closeness") == (limit is None):
            wanted = "needs a limit" if limit is None else "has no limit; only closeness has one"
            raise of_section(f"the sign {info.data['sign']} {wanted}")
        return limit

    @property
    def unit(self) -> float:
        """What the sign is divided by."""
        return self.scale or (1.0 if self.sign in _UNSCALED else 2.0)


class HazardRule(Section):
    """Predict how likely each entity of a class fails."""

    name: Text = Field(description="The hazard's name in its predictions, unlike any other hazard's.")
    labels: Labels = Field(default={}, description="Labels a series must have to count for the hazard.")
    within_ms: Annotated[DurationMs, between("1m", "31d")] = Field(
        description="How far ahead to look: the probability is that of a failure within this time."
    )
    every_ms: Annotated[DurationMs, between("1s", "1d")] = Field(
        default=HOUR_MS, description="How often each entity is judged, at most: once its series have reported."
    )
    prior: Annotated[Number, Field(gt=0, lt=0.5)] = Field(
        default=0.001, description="How likely an entity without any sign is to fail, before anything is counted."
    )
    flag_budget: Annotated[Number, Field(gt=0, lt=1)] = Field(
        default=0.025, description="The share of a fleet that may ever stand out: it sets the threshold of the score."
    )
    calibration: LoadedCounts | None = Field(
        default=None, description="The hazards.json of a backtest of your fleet, read when the settings are loaded."
    )
    signs: Annotated[tuple[HazardSign, ...], NotEmpty] = Field(
        max_length=SIGNS_MAX, description="What makes an entity more likely to fail."
    )

    @model_validator(mode="after")
    def _is_what_was_counted(self) -> Self:
        if self.calibration is not None and self.calibration.mark != self.mark:
            path = self.calibration.path
            raise ValueError(f"{path} was counted for other signs, labels or times; run the backtest again")
        return self

    @property
    def mark(self) -> str:
        """Tells definitions apart, of those parts that a score or its outcome depends on."""
        decisive = self.model_dump_json(exclude={"prior", "flag_budget", "calibration"})
        return f"{self.name}:{zlib.crc32(decisive.encode()):08x}"
