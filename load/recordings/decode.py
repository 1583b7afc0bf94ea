"""Batches of columns to tables of samples, in the order of the file."""

import fnmatch
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple, cast

import numpy as np
import pyarrow as pa

from load.recordings.arrow import ArrowBatch, ArrowColumn
from load.recordings.layout import LongLayout, WideLayout
from load.recordings.table import FloatColumn, IntColumn, SampleTable, matrix_table
from load.recordings.timestamps import timestamps_ms
from models.arrays import Flags
from streams.series import SeriesKey, labels_of

# Codes of several columns are combined into one int64; beyond this they are renumbered first.
CODES_MAX = 2**62


def wanted(metric: str, patterns: Sequence[str]) -> bool:
    """Whether a metric matches one of the glob patterns; without patterns all do."""
    return not patterns or any(fnmatch.fnmatchcase(metric, pattern) for pattern in patterns)


def wide_table(batch: ArrowBatch, layout: WideLayout) -> SampleTable:
    """Samples of a wide batch, one time after the other, in the columns' order."""
    matrix = np.empty((batch.num_rows, len(layout.columns)))
    for place, name in enumerate(layout.columns):
        matrix[:, place] = numbers(batch.column(name))
    return matrix_table(list(layout.series), timestamps_ms(batch.column(layout.timestamp)), matrix)


def long_table(batch: ArrowBatch, layout: LongLayout, patterns: Sequence[str]) -> SampleTable:
    """Samples of a long batch whose metric is wanted, in the rows' order."""
    value = numbers(batch.column(layout.value))
    kept = ~np.isnan(value)
    if layout.metric is not None:
        kept &= _metric_rows(batch.column(layout.metric), patterns)
    rows = batch.filter(pa.array(kept))
    series, index = _series_of_rows(rows, layout)
    return SampleTable(series, index, timestamps_ms(rows.column(layout.timestamp)), value[kept])


def numbers(column: ArrowColumn) -> FloatColumn:
    """Cells as float64, missing ones NaN."""
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False))


class Coded(NamedTuple):
    """A text column as the distinct texts and each row's place among them."""

    texts: list[str]
    code: IntColumn


def coded_text(column: ArrowColumn) -> Coded:
    """Distinct texts of a column; a missing cell is the empty text."""
    coded = cast("pa.StringArray", column.cast(pa.string()).fill_null("")).dictionary_encode()
    return Coded([str(text) for text in coded.dictionary.to_pylist()], np.asarray(coded.indices).astype(np.int64))


def _metric_rows(column: ArrowColumn, patterns: Sequence[str]) -> Flags:
    coded = coded_text(column)
    return np.array([wanted(metric, patterns) for metric in coded.texts], np.bool_)[coded.code]


def _series_of_rows(rows: ArrowBatch, layout: LongLayout) -> tuple[list[SeriesKey], IntColumn]:
    """The distinct series of the rows, and each row's place among them."""
    labels = [coded_text(rows.column(name)) for name in layout.labels]
    metric = coded_text(rows.column(layout.metric)) if layout.metric is not None else None
    columns = [metric or Coded([layout.stem], np.zeros(rows.num_rows, np.int64)), *labels]
    first_row, index = _distinct(columns)
    name = partial(_series_at, columns, layout.labels)
    return [name(row) for row in first_row.tolist()], index


def _series_at(columns: Sequence[Coded], labels: Sequence[str], row: int) -> SeriesKey:
    metric, *values = [column.texts[column.code[row]] for column in columns]
    return SeriesKey(metric, labels_of([(name, value) for name, value in zip(labels, values, strict=True) if value]))


def _distinct(columns: Sequence[Coded]) -> tuple[IntColumn, IntColumn]:
    """First row of each distinct combination of codes, and each row's place among the combinations."""
    combined = np.zeros(len(columns[0].code), np.int64)
    size = 1
    for texts, code in columns:
        if size * len(texts) > CODES_MAX:
            distinct, combined = np.unique(combined, return_inverse=True)
            size = len(distinct)
        combined = combined * max(len(texts), 1) + code
        size *= max(len(texts), 1)
    _, first_row, index = np.unique(combined, return_index=True, return_inverse=True)
    return first_row, index
