"""Result files as columns."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

Columns = dict[str, npt.NDArray[Any]]


def columns_of(path: Path, names: list[str]) -> Columns:
    """Some columns of a Parquet file; what is null in a column of numbers is NaN."""
    table = pq.read_table(path, columns=names)
    return {name: np.asarray(table.column(name).to_numpy()) for name in names}


def only(columns: Columns, kept: Flags) -> Columns:
    """Some of the rows."""
    return {name: values[kept] for name, values in columns.items()}


def by_series(columns: Columns) -> dict[str, Columns]:
    """The rows of each series, in their order."""
    names, place = np.unique(columns["series"].astype(str), return_inverse=True)
    order = np.argsort(place, kind="stable")
    cuts = np.searchsorted(place[order], np.arange(1, len(names)))
    parts = np.split(order, cuts)
    return {
        name: {column: values[part] for column, values in columns.items()}
        for name, part in zip(names.tolist(), parts, strict=True)
    }


def brier(probability: Floats, came: Flags) -> float:
    """Mean squared error of probabilities."""
    return float(np.mean((probability - came) ** 2))


def base_brier(came: Flags) -> float:
    """That of the plain frequency, known in hindsight."""
    return brier(np.full(len(came), np.mean(came)), came)


def skill_ratio(probability: Floats, came: Flags) -> float:
    """Brier score over that of the plain frequency; NaN where all came out alike."""
    base = base_brier(came)
    return brier(probability, came) / base if base > 0 else float("nan")


def next_of(instants_ms: Ints, at_ms: Ints) -> Floats:
    """How long after each `at_ms` the next of the instants comes, in ms; infinite where none does."""
    ordered = np.append(np.sort(instants_ms).astype(np.float64), np.inf)
    waiting: Floats = ordered[np.searchsorted(ordered, at_ms, side="right")] - at_ms
    return waiting
