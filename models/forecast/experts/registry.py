"""The families of experts. Their order is that of the weights, and of the record of losses in the state."""

from models.forecast.experts import calendar, found, levels, naive, phases, profiles, trends
from models.forecast.experts.family import Family

FAMILIES: tuple[Family, ...] = (levels, trends, naive, profiles, phases, found)

CALENDAR: Family = calendar
"""Joins the others where the settings name special days."""


def families(*, has_calendar: bool) -> tuple[Family, ...]:
    """The families of a bank."""
    return (*FAMILIES, CALENDAR) if has_calendar else FAMILIES
