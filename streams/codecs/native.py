"""The native JSON format. A message is one sample, an array of samples, or a column batch::

    {"metric": "cpu", "labels": {"host": "a"}, "timestamp": 1700000000000, "value": 1.5}
    [{"metric": ...}, {"metric": ...}]
    {"metric": ["cpu", "memory"], "labels": {"host": "a"}, "timestamp": 1700000000000, "value": [1.5, 7e9]}

In a column batch any of the four fields is an array; arrays are of one length, and what is no array holds for every
row. `labels` may be absent. A bad row is refused alone, and rows keep their position in the message as their number.
"""

from typing import Any

from streams.codecs.batch import READERS, decode_batch
from streams.codecs.document import NO_ROWS, Document, parse, too_many_rows
from streams.codecs.faults import Fault, wrong_type
from streams.codecs.fields import Sample, columns_of_one, number, series_key
from streams.codecs.timestamps import timestamp_ms
from streams.columns import Columns
from streams.rejects import RejectReason, RowReject


class NativeCodec:
    """Codec `json`."""

    name = "json"

    def decode(self, payload: bytes, rows_max: int) -> Columns:
        document = parse(payload)
        return document.of_message() if type(document) is Fault else decode_document(document, rows_max)


def decode_document(document: Document, rows_max: int) -> Columns:
    """Read a parsed message."""
    if type(document) is dict:
        sample = read_sample(document)
        if type(sample) is Fault and any(type(document.get(name)) is list for name in READERS):
            return decode_batch(document, rows_max)
        return columns_of_one(sample)
    if type(document) is list:
        return _decode_array(document, rows_max)
    return Columns.refused(RejectReason.UNKNOWN_FORMAT, "the message is neither a JSON object nor an array")


def read_sample(fields: dict[str, Any]) -> Sample | Fault:
    series = series_key(fields.get("metric"), fields.get("labels"))
    if type(series) is Fault:
        return series
    time_ms = timestamp_ms(fields.get("timestamp"))
    if type(time_ms) is Fault:
        return time_ms
    value = number(fields.get("value"))
    if type(value) is Fault:
        return value
    return series, time_ms, value


def _decode_array(items: list[Any], rows_max: int) -> Columns:
    if not items:
        return NO_ROWS.of_message()
    if len(items) > rows_max:
        return too_many_rows(len(items), rows_max).of_message()
    samples: list[Sample] = []
    rows: list[int] = []
    rejects: list[RowReject] = []
    for row, item in enumerate(items):
        sample = read_sample(item) if type(item) is dict else wrong_type("the sample", item, "an object")
        if type(sample) is Fault:
            rejects.append(sample.at(row))
        else:
            samples.append(sample)
            rows.append(row)
    series, timestamps_ms, values = (list(column) for column in zip(*samples, strict=True)) if samples else ([], [], [])
    return Columns(series, timestamps_ms, values, rows, rejects)
