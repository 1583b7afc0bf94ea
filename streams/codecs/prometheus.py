"""The JSON of prometheus-kafka-adapter: one sample of a Prometheus remote write per message::

    {"timestamp": "2024-01-01T00:00:00Z", "value": "1.5", "name": "up", "labels": {"__name__": "up", "job": "a"}}

The value is text, for it may be "NaN" (Prometheus' staleness marker among others), "+Inf" or "-Inf": such values
pass here and are refused by validation. The timestamp is cut to whole seconds. The label `__name__` repeats the name.
"""

import re
from typing import Any

from streams.codecs.document import Document, parse
from streams.codecs.faults import Fault, wrong_type
from streams.codecs.fields import Sample, columns_of_one, label_pairs
from streams.codecs.timestamps import text_ms
from streams.columns import Columns
from streams.rejects import RejectReason
from streams.series import SeriesKey

NAME_LABEL = "__name__"
VALUE_CHARS_MAX = 400  # The longest float64 in plain decimal notation takes fewer.

_FLOAT = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf|NaN)", re.ASCII)


class PrometheusCodec:
    """Codec `prometheus`."""

    name = "prometheus"

    def decode(self, payload: bytes, rows_max: int) -> Columns:  # noqa: ARG002  (a message is one sample)
        document = parse(payload)
        return document.of_message() if type(document) is Fault else decode_document(document)


def decode_document(document: Document) -> Columns:
    """Read a parsed message."""
    if type(document) is not dict:
        return Columns.refused(RejectReason.UNKNOWN_FORMAT, "the message is no JSON object, as the adapter writes it")
    return columns_of_one(_read_sample(document))


def _read_sample(fields: dict[str, Any]) -> Sample | Fault:
    name = fields.get("name")
    if type(name) is not str:
        return wrong_type("name", name, "a string")
    labels = label_pairs(fields.get("labels"))
    if type(labels) is Fault:
        return labels
    time_ms = _timestamp_ms(fields.get("timestamp"))
    if type(time_ms) is Fault:
        return time_ms
    value = _value(fields.get("value"))
    if type(value) is Fault:
        return value
    return SeriesKey(name, tuple([pair for pair in labels if pair[0] != NAME_LABEL])), time_ms, value


def _timestamp_ms(raw: object) -> int | Fault:
    return text_ms(raw) if type(raw) is str else wrong_type("timestamp", raw, "an RFC 3339 string")


def _value(raw: object) -> float | Fault:
    if type(raw) is not str:
        return wrong_type("value", raw, "a number in a string, as the adapter writes it")
    if len(raw) > VALUE_CHARS_MAX or not _FLOAT.fullmatch(raw):
        return Fault(RejectReason.WRONG_TYPE, f"value {raw[:40]!r} is not a number as the adapter writes it")
    return float(raw)
