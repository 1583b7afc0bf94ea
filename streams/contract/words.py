"""The types that fields of records have, with their units: the words in which the contract is written.

A unit stands in the schema as `x-unit`. A builder may hand over a numpy array where a record has a list: orjson writes
it as one, and NaN as null. So for mypy these fields are either; what is published is the list.
"""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    Ints = Sequence[int] | npt.NDArray[np.integer[Any]]
    Numbers = Sequence[float] | npt.NDArray[np.floating[Any]]
    NumbersOrNull = Sequence[float | None] | npt.NDArray[np.floating[Any]]
    NumberRows = Sequence[Sequence[float]] | npt.NDArray[np.floating[Any]]
else:
    Ints = list[int]
    Numbers = list[float]
    NumbersOrNull = list[float | None]
    NumberRows = list[list[float]]


def unit(name: str) -> Any:
    """What a field is measured in; for use in `Annotated`."""
    return Field(json_schema_extra={"x-unit": name})


def says(meaning: str) -> Any:
    """What a field means, in a sentence without a full stop; for use in `Annotated`."""
    return Field(description=meaning)


SERIES_UNIT = "the series' own"
"""Of values, which are in whatever unit the telemetry has, and of a counter's rate in that per second."""

InstantMs = Annotated[int, unit("ms since 1970-01-01T00:00:00Z")]
DurationMs = Annotated[int, unit("ms"), Field(ge=0)]
Hours = Annotated[float, unit("h")]
Probability = Annotated[float, unit("1"), Field(ge=0, le=1)]
Share = Annotated[float, unit("1")]
Count = Annotated[int, unit("1"), Field(ge=0)]
Value = Annotated[float, unit(SERIES_UNIT)]
SquaredError = Annotated[float, unit("1"), Field(ge=0)]
Version = Annotated[int, says("version of the schema")]
