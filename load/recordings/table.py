"""The form in which samples travel through `load`: columns of numpy, and the series named once.

Nothing here needs more than numpy, so that a generated fleet is replayed without pyarrow installed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from streams.series import SeriesKey

IntColumn = npt.NDArray[np.int64]
FloatColumn = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SampleTable:
    """Samples [n rows], sorted by time and, within one timestamp, in the order of their source.

    `series` [k] holds distinct series, maybe some without a row; `index` gives each row's place in it.
    """

    series: list[SeriesKey]
    index: IntColumn
    timestamp_ms: IntColumn
    value: FloatColumn

    def __len__(self) -> int:
        return len(self.index)

    def rows(self, start: int, stop: int) -> "SampleTable":
        """Rows start..stop, without copying them."""
        part = slice(start, stop)
        return SampleTable(self.series, self.index[part], self.timestamp_ms[part], self.value[part])


def matrix_table(series: list[SeriesKey], timestamp_ms: IntColumn, matrix: FloatColumn) -> SampleTable:
    """Table of `matrix` [len(timestamp_ms), len(series)], one time after the other; NaN cells are missing samples."""
    row, column = np.nonzero(~np.isnan(matrix))
    return SampleTable(series, column.astype(np.int64), timestamp_ms[row], matrix[row, column])


def sort_by_time(table: SampleTable) -> SampleTable:
    """Bring rows into time order; those of one timestamp stay as they were."""
    if is_sorted(table.timestamp_ms):
        return table
    order = np.argsort(table.timestamp_ms, kind="stable")
    return SampleTable(table.series, table.index[order], table.timestamp_ms[order], table.value[order])


def is_sorted(timestamp_ms: IntColumn) -> bool:
    """Whether time never goes back."""
    return bool(np.all(timestamp_ms[1:] >= timestamp_ms[:-1]))


def concatenate(tables: Sequence[SampleTable]) -> SampleTable:
    """Rows of one table after the other, as they are; a series that several tables name is one series."""
    if len(tables) == 1:
        return tables[0]
    places: dict[SeriesKey, int] = {}
    index = [_renumbered(table, places) for table in tables]
    return SampleTable(
        list(places),
        np.concatenate([np.empty(0, np.int64), *index]),
        np.concatenate([np.empty(0, np.int64), *[table.timestamp_ms for table in tables]]),
        np.concatenate([np.empty(0, np.float64), *[table.value for table in tables]]),
    )


def slices(table: SampleTable, rows_max: int) -> Iterator[SampleTable]:
    """Cut a table into pieces of at most `rows_max` rows; an empty table has none."""
    for start in range(0, len(table), rows_max):
        yield table.rows(start, start + rows_max)


def _renumbered(table: SampleTable, places: dict[SeriesKey, int]) -> IntColumn:
    place = np.array([places.setdefault(key, len(places)) for key in table.series], np.int64)
    return place[table.index]
