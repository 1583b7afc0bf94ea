"""Column batches: many samples in one object, a list per field instead of an object per sample."""

from collections.abc import Callable, Sequence
from itertools import compress
from typing import Any, TypeVar

from streams.codecs.document import NO_ROWS, too_many_rows
from streams.codecs.faults import Fault
from streams.codecs.fields import are_floats, are_metric_names, label_pairs, metric_name, number
from streams.codecs.timestamps import are_ms, timestamp_ms
from streams.columns import Columns
from streams.rejects import RejectReason, RowReject
from streams.series import key_of

T = TypeVar("T")

READERS: dict[str, Callable[[object], Any]] = {
    "metric": metric_name,
    "labels": label_pairs,
    "timestamp": timestamp_ms,
    "value": number,
}

ARE_PLAIN: dict[str, Callable[[list[object]], bool]] = {
    "metric": are_metric_names,
    "timestamp": are_ms,
    "value": are_floats,
}
"""Whether all cells of a field's array are already what its reader would make of them: nearly every array is so, and
asking costs a tenth of reading."""


def decode_batch(fields: dict[str, Any], rows_max: int) -> Columns:
    """Read an object of which at least one field is an array."""
    rows = _row_count(fields, rows_max)
    if type(rows) is Fault:
        return rows.of_message()
    columns, faulty = [], False
    for name, read in READERS.items():
        raw = fields.get(name)
        if type(raw) is list and name in ARE_PLAIN and ARE_PLAIN[name](raw):
            columns.append(raw)
            continue
        column = _read_column(raw, rows, read)
        if type(column) is Fault:
            return column.of_message()
        columns.append(column)
        faulty = faulty or (type(raw) is list and Fault in map(type, column))
    return _without_faults(columns) if faulty else _joined(columns, range(rows), [])


def _row_count(fields: dict[str, Any], rows_max: int) -> int | Fault:
    lengths = {name: len(fields[name]) for name in READERS if type(fields.get(name)) is list}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
        return Fault(RejectReason.MALFORMED, f"the arrays of a column batch differ in length: {listed}")
    rows = next(iter(lengths.values()))
    if rows == 0:
        return NO_ROWS
    return too_many_rows(rows, rows_max) if rows > rows_max else rows


def _read_column(raw: object, rows: int, read: Callable[[object], T | Fault]) -> list[T | Fault] | Fault:
    """One entry per row, which may be a fault. A fault in what holds for every row is one of the whole message."""
    if type(raw) is list:
        return [read(item) for item in raw]
    value = read(raw)
    return value if type(value) is Fault else [value] * rows


def _without_faults(columns: Sequence[list[Any]]) -> Columns:
    sound: list[bool] = []
    rejects: list[RowReject] = []
    for row, cells in enumerate(zip(*columns, strict=True)):
        fault = next((cell for cell in cells if type(cell) is Fault), None)
        sound.append(fault is None)
        if fault is not None:
            rejects.append(fault.at(row))
    rows = list(compress(range(len(sound)), sound))
    return _joined([list(compress(column, sound)) for column in columns], rows, rejects)


def _joined(columns: Sequence[list[Any]], rows: Sequence[int], rejects: list[RowReject]) -> Columns:
    metrics, labels, timestamps_ms, values = columns
    series = list(map(key_of, zip(metrics, labels, strict=True)))
    return Columns(series, timestamps_ms, values, list(rows), rejects)
