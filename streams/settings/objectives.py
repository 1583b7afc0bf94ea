"""Settings section `objectives`: what share of an entity's events must be good, and when to alert."""

import zlib
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from models.failure.error_budgets import COARSE_MS, FINE_WINDOW_MS_MAX
from streams.settings.durations import DAY_MS, MINUTE_MS, DurationMs, between, format_duration
from streams.settings.rules import Labels
from streams.settings.section import NotEmpty, Number, Pattern, Section, Text

ALERTS_MAX = 8


class EventCount(Section):
    """A metric that counts events: a counter, or a gauge of how many there were in its step."""

    metric: Pattern = Field(description="A pattern of the metrics that are added up.")
    labels: Labels = Field(default={}, description="Labels that a series must have to be added.")


class BurnAlert(Section):
    """Alert while both windows spend the budget faster than a rate."""

    long_ms: Annotated[DurationMs, between("2m", "31d")] = Field(description="The window that says that it matters.")
    short_ms: Annotated[DurationMs, between("1m", "31d")] = Field(description="The window that says that it goes on.")
    burn_rate: Annotated[Number, Field(gt=0)] = Field(
        description="How many times faster than its window allows the budget is spent."
    )

    @model_validator(mode="after")
    def _is_a_pair(self) -> Self:
        if self.short_ms >= self.long_ms:
            raise ValueError(f"short must be shorter than long, which is {format_duration(self.long_ms)}")
        for name, window_ms in (("long", self.long_ms), ("short", self.short_ms)):
            unit_ms = MINUTE_MS if window_ms <= FINE_WINDOW_MS_MAX else COARSE_MS
            if window_ms % unit_ms:
                raise ValueError(f"{name} must be whole minutes, beyond 6h a multiple of 2h")
        return self


SRE_WORKBOOK = tuple(
    [
        BurnAlert.model_validate({"long": long, "short": short, "burn_rate": burn_rate})
        for long, short, burn_rate in (("1h", "5m", 14.4), ("6h", "30m", 6.0), ("3d", "6h", 1.0))
    ]
)
"""The alerts of The Site Reliability Workbook, chapter 5: 2 % of a month's budget in an hour, 5 % in six, 10 % in three
days."""


class Objective(Section):
    """Predict when an entity's error budget is spent, and how likely it alerts."""

    name: Text = Field(description="The objective's name in its records, unlike any other objective's.")
    target: Annotated[Number, Field(gt=0, lt=100)] = Field(
        description="The share of events that must be good, in per cent, such as 99.9."
    )
    window_ms: Annotated[DurationMs, between("1d", "31d")] = Field(
        default=30 * DAY_MS, description="The time that the target holds for, sliding: a multiple of 2h."
    )
    total: EventCount | None = Field(default=None, description="All events.")
    bad: EventCount | None = Field(default=None, description="The bad ones of them.")
    good: EventCount | None = Field(default=None, description="Or the good ones of them.")
    ratio: EventCount | None = Field(default=None, description="Or, alone, a share of bad ones from 0 to 1.")
    every_ms: Annotated[DurationMs, between("1m", "1d")] = Field(
        default=5 * MINUTE_MS, description="How often there is a record; one more when an alert begins or ends."
    )
    alerts: Annotated[tuple[BurnAlert, ...], NotEmpty] = Field(
        default=SRE_WORKBOOK, max_length=ALERTS_MAX, description="The pairs of windows that alert."
    )

    @field_validator("target")
    @classmethod
    def _is_in_per_cent(cls, target: float) -> float:
        if target < 1:
            raise ValueError(f"must be in per cent, got {target:g}: was {target * 100:g} meant?")
        return target

    @model_validator(mode="after")
    def _is_one_of_the_forms(self) -> Self:
        given = {name for name in ("total", "bad", "good", "ratio") if getattr(self, name) is not None}
        if given not in ({"ratio"}, {"total", "bad"}, {"total", "good"}):
            raise ValueError(f"give ratio alone, or total with one of bad and good, not {_listed(given)}")
        return self

    @model_validator(mode="after")
    def _can_alert(self) -> Self:
        if self.window_ms % COARSE_MS:
            raise ValueError("window must be a multiple of 2h")
        for alert in self.alerts:
            if alert.long_ms > self.window_ms:
                raise ValueError(
                    f"an alert's window of {format_duration(alert.long_ms)} is longer than the objective's"
                )
            if alert.burn_rate * self.allowed >= 1.0:
                worst = 1.0 / self.allowed
                raise ValueError(f"a burn rate of {alert.burn_rate:g} is never passed: all events bad is {worst:g}")
        return self

    @property
    def allowed(self) -> float:
        """The share of events that may be bad."""
        return 1.0 - self.target / 100.0

    @property
    def mark(self) -> str:
        """Tells definitions apart, of those parts that change what is counted."""
        return f"{self.name}:{zlib.crc32(self.model_dump_json(exclude={'every_ms'}).encode()):08x}"


def _listed(names: set[str]) -> str:
    return " and ".join(sorted(names)) or "none of them"
