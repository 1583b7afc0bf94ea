"""The families of experts. Their order is that of the weights, and of the record of losses in the state."""

from models.forecast.experts import calendar, found, levels, naive, phases, profiles, trends
from models.forecast.experts.family import Family
from models.forecast.experts.fleet import FleetShape
from models.forecast.shapes import Shapes

FAMILIES: tuple[Family, ...] = (levels, trends, naive, profiles, phases, found)

CALENDAR: Family = calendar
"""Joins the others where the settings name special days."""


def families(*, has_calendar: bool, shapes: Shapes) -> tuple[Family, ...]:
    """The families of a bank; that of shapes joins the others where there are any."""
    special = (CALENDAR,) if has_calendar else ()
    return (*FAMILIES, *special, *((FleetShape(shapes),) if shapes else ()))
