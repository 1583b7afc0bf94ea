"""Settings section `calendar`: days that are unlike the others."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from streams.settings.days import Day, format_day
from streams.settings.section import NotEmpty, Section, Text, Whole, of_section

DATES_MAX = 1_000
DAYS_OF_MONTH_MAX = 14
"""Of one end of a month: with more, hardly a day would be an ordinary one."""

_WAYS = ("dates", "first_days_of_month", "last_days_of_month")

DaysOfMonth = Annotated[Whole, Field(ge=1, le=DAYS_OF_MONTH_MAX)]


class CalendarClass(Section):
    """Days that are alike, and unlike all others: by their dates, or by their place in the month."""

    name: Text = Field(description="The name of these days, unlike any other in the calendar.")
    dates: Annotated[tuple[Day, ...], NotEmpty, Field(max_length=DATES_MAX)] | None = Field(
        default=None, description="Which days they are, each as 2026-11-27 in the time zone of a series' source."
    )
    first_days_of_month: DaysOfMonth | None = Field(
        default=None, description="They are so many days at the beginning of every month."
    )
    last_days_of_month: DaysOfMonth | None = Field(
        default=None, validate_default=True, description="They are so many days at the end of every month."
    )

    @field_validator("dates")
    @classmethod
    def _are_given_once(cls, dates: tuple[int, ...] | None) -> tuple[int, ...] | None:
        seen: set[int] = set()
        for day in dates or ():
            if day in seen:
                raise ValueError(f"has {format_day(day)} twice")
            seen.add(day)
        return dates

    @field_validator("last_days_of_month")
    @classmethod
    def _is_one_way(cls, last_days: int | None, info: ValidationInfo) -> int | None:
        valid = {**info.data, "last_days_of_month": last_days}
        given = [way for way in _WAYS if valid.get(way) is not None]
        if set(_WAYS) <= valid.keys() and len(given) != 1:
            raise of_section(f"give exactly one of {', '.join(_WAYS)}, not {' and '.join(given) or 'none'}")
        return last_days
