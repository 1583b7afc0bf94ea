"""Columns that grow: numpy arrays with room to spare, a place for each row."""

from typing import Any

import numpy as np
import numpy.typing as npt

ROOM_MIN = 1_024


def with_room(column: npt.NDArray[Any], rows: int, fill: Any) -> npt.NDArray[Any]:
    """The column, or a longer copy of it where it has no room for so many rows."""
    if rows <= len(column):
        return column
    longer = np.full((max(rows, 2 * len(column), ROOM_MIN), *column.shape[1:]), fill, column.dtype)
    longer[: len(column)] = column
    return longer
