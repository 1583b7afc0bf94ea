"""Result files as columns."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from models.arrays import Flags

Columns = dict[str, npt.NDArray[Any]]


def columns_of(path: Path, names: Sequence[str]) -> Columns:
    """Some columns of a Parquet file; what is null in a column of numbers is NaN."""
    table = pq.read_table(path, columns=list(names))
    return {name: np.asarray(table.column(name).to_numpy()) for name in names}


def only(columns: Columns, kept: Flags) -> Columns:
    """Some of the rows."""
    return {name: values[kept] for name, values in columns.items()}


def by_series(columns: Columns, *more: str) -> dict[tuple[str, ...], Columns]:
    """The rows of each series, and of each value of `more` columns of text, in their order."""
    keys = list(zip(*[columns[name].tolist() for name in ("series", *more)], strict=True))
    places: dict[tuple[str, ...], list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    return {key: {name: values[rows] for name, values in columns.items()} for key, rows in places.items()}
