"""The rows of one fetch, column by column: what passes between the stages of the ingest step."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy.typing as npt
from numpy import bool_, intp

from streams.blocks import FloatColumn, IntColumn
from streams.codecs.faults import Fault


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in source order. Shapes: all [n rows]; `series_id` is the interner's."""

    series_id: IntColumn
    offset: IntColumn
    row: IntColumn
    timestamp_ms: IntColumn
    value: FloatColumn

    def __len__(self) -> int:
        return len(self.row)

    def take(self, which: slice | npt.NDArray[intp] | npt.NDArray[bool_]) -> "Rows":
        return Rows(
            self.series_id[which], self.offset[which], self.row[which], self.timestamp_ms[which], self.value[which]
        )


class Refusal(NamedTuple):
    """A row refused, or `rows` rows of one message, with what is known of it for the rejects topic."""

    offset: int
    row: int
    fault: Fault
    series: str | None = None
    timestamp_ms: int | None = None
    value: float | None = None
    excerpt: str | None = None
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Fetch:
    """What the codec made of a fetch: the five columns are of equal length; `series_id` is the interner's."""

    series_id: list[int]
    offset: list[int]
    row: list[int]
    timestamp_ms: list[int]
    value: list[float]
    refusals: list[Refusal]
