"""Rows in flight: samples with their slot and the place they came from."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import starmap
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of n rows. `source` numbers the pipeline's `SourceId`s; (offset, row) is the place in it."""

    slot: Ints
    timestamp_ms: Ints
    value: Floats
    source: Ints
    offset: Ints
    row: Ints

    def __len__(self) -> int:
        return len(self.slot)

    def take(self, places: Ints) -> "Rows":
        """The rows at these places."""
        return Rows(*[column[places] for column in _columns(self)])

    def single(self, place: int) -> "Row":
        """One row in plain values."""
        return Row(*[column[place].item() for column in _columns(self)])

    def singles(self) -> Iterator["Row"]:
        """All rows in plain values."""
        return starmap(Row, zip(*[column.tolist() for column in _columns(self)], strict=True))


_columns = attrgetter(*[field.name for field in fields(Rows)])


class Row(NamedTuple):
    """One row, for the paths that rows seldom take."""

    slot: int
    timestamp_ms: int
    value: float
    source: int
    offset: int
    row: int


def joined(parts: list[Rows]) -> Rows:
    """Rows behind each other."""
    if len(parts) == 1:
        return parts[0]
    return Rows(*[np.concatenate(columns) for columns in zip(*map(_columns, parts), strict=True)])


def stacked(rows: list[Row]) -> Rows:
    """Single rows as columns."""
    slot, timestamp_ms, value, source, offset, row = zip(*rows, strict=True)
    return Rows(
        np.array(slot, np.int64),
        np.array(timestamp_ms, np.int64),
        np.array(value, np.float64),
        np.array(source, np.int64),
        np.array(offset, np.int64),
        np.array(row, np.int64),
    )
