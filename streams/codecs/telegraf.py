"""Telegraf's JSON: a metric with its fields, or in the batch form many of them::

    {"name": "docker", "tags": {"host": "a"}, "fields": {"n_images": 660, "os": "linux"}, "timestamp": 1458229140}
    {"metrics": [{"name": ...}, {"name": ...}]}

Each number among the fields is a sample of the metric ``name_field``; tags are its labels. Texts and truths are no
samples and are passed over. A sample's row is the place of its field, all fields of the message counted.
"""

from collections.abc import Iterator
from typing import Any

from streams.codecs.document import NO_ROWS, Document, parse, too_many_rows
from streams.codecs.faults import Fault, wrong_type
from streams.codecs.fields import label_pairs
from streams.codecs.timestamps import timestamp_ms
from streams.columns import Columns
from streams.rejects import RejectReason
from streams.series import Labels, SeriesKey

NO_NUMBER = Fault(RejectReason.EMPTY_MESSAGE, "no field of the message is a number")


class TelegrafCodec:
    """Codec `telegraf`."""

    name = "telegraf"

    def decode(self, payload: bytes, rows_max: int) -> Columns:
        document = parse(payload)
        return document.of_message() if type(document) is Fault else decode_document(document, rows_max)


def decode_document(document: Document, rows_max: int) -> Columns:
    """Read a parsed message."""
    if type(document) is not dict:
        return Columns.refused(RejectReason.UNKNOWN_FORMAT, "the message is no JSON object, as Telegraf writes it")
    metrics = document.get("metrics", [document])
    if type(metrics) is not list:
        return wrong_type("metrics", metrics, "an array of metrics").of_message()
    if not metrics:
        return NO_ROWS.of_message()
    columns = Columns()
    row = 0
    for metric in metrics:
        row = _append(columns, metric, row)
        if row > rows_max:
            return too_many_rows(sum([_size(metric) for metric in metrics]), rows_max).of_message()
    return columns if columns.row or columns.rejects else NO_NUMBER.of_message()


def _append(columns: Columns, metric: object, row: int) -> int:
    """Add a metric's samples, or its fault; returns the row that the next one begins with."""
    read = _read(metric)
    if type(read) is Fault:
        columns.rejects.append(read.at(row))
        return row + _size(metric)
    name, labels, time_ms, fields = read
    for place, field, value in _numbers(fields):
        columns.series.append(SeriesKey(f"{name}_{field}", labels))
        columns.timestamp_ms.append(time_ms)
        columns.value.append(value)
        columns.row.append(row + place)
    return row + max(1, len(fields))


def _read(metric: object) -> tuple[str, Labels, int, dict[str, Any]] | Fault:
    if type(metric) is not dict:
        return wrong_type("the metric", metric, "an object")
    name, fields = metric.get("name"), metric.get("fields")
    if type(name) is not str:
        return wrong_type("name", name, "a string")
    if type(fields) is not dict:
        return wrong_type("fields", fields, "an object")
    labels = label_pairs(metric.get("tags"))
    if type(labels) is Fault:
        return labels
    time_ms = timestamp_ms(metric.get("timestamp"))
    return time_ms if type(time_ms) is Fault else (name, labels, time_ms, fields)


def _numbers(fields: dict[str, Any]) -> Iterator[tuple[int, str, float]]:
    for place, (field, value) in enumerate(fields.items()):
        # By type: JSON's true is no number.
        if type(value) in (int, float):
            yield place, field, float(value)


def _size(metric: object) -> int:
    """The rows of a metric, readable or not."""
    fields = metric.get("fields") if type(metric) is dict else None
    return max(1, len(fields)) if type(fields) is dict else 1
