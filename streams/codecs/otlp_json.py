"""OTLP in JSON: an ExportMetricsServiceRequest, as OpenTelemetry collectors write it with ``encoding: otlp_json``::

    {"resourceMetrics": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
      "scopeMetrics": [{"metrics": [
        {"name": "http.requests", "sum": {"aggregationTemporality": 2, "isMonotonic": true,
          "dataPoints": [{"asInt": "5", "timeUnixNano": "1544712660300000000", "attributes": []}]}}]}]}]}

What becomes of a point is in `otlp_points`. Attributes of the resource and of the point are its labels. A sample's row
is its place in the message, histograms counting as two.
"""

from collections.abc import Iterator
from typing import Any

from streams.codecs.document import NO_ROWS, Document, parse, too_many_rows
from streams.codecs.faults import Fault, wrong_type
from streams.codecs.otlp_points import samples_of
from streams.columns import Columns
from streams.rejects import RejectReason
from streams.series import SeriesKey

RESOURCES = "resourceMetrics"


class OtlpJsonCodec:
    """Codec `otlp_json`."""

    name = "otlp_json"

    def decode(self, payload: bytes, rows_max: int) -> Columns:
        document = parse(payload)
        return document.of_message() if type(document) is Fault else decode_document(document, rows_max)


def decode_document(document: Document, rows_max: int) -> Columns:
    """Read a parsed message."""
    if type(document) is not dict or RESOURCES not in document:
        return Columns.refused(
            RejectReason.UNKNOWN_FORMAT, f'the message is no JSON object with "{RESOURCES}", as OTLP is'
        )
    columns, row = Columns(), 0
    for labels, metric in _metrics(document):
        if type(metric) is Fault:
            columns.rejects.append(metric.at(row))
            row += 1
            continue
        for sample in samples_of(metric, labels):
            if type(sample) is Fault:
                columns.rejects.append(sample.at(row))
            else:
                columns.series.append(SeriesKey(sample.metric, sample.labels))
                columns.timestamp_ms.append(sample.time_ms)
                columns.value.append(sample.value)
                columns.row.append(row)
            row += 1
    if row > rows_max:
        return too_many_rows(row, rows_max).of_message()
    return columns if row else NO_ROWS.of_message()


def _metrics(document: dict[str, Any]) -> Iterator[tuple[object, dict[str, Any] | Fault]]:
    """Every metric with its resource's attributes, which are not looked at yet."""
    for resource in _objects(document, RESOURCES):
        if type(resource) is Fault:
            yield None, resource
            continue
        about = resource.get("resource")
        attributes = about.get("attributes") if type(about) is dict else None
        for scope in _objects(resource, "scopeMetrics"):
            if type(scope) is Fault:
                yield None, scope
                continue
            for metric in _objects(scope, "metrics"):
                yield attributes, metric


def _objects(parent: dict[str, Any], name: str) -> Iterator[dict[str, Any] | Fault]:
    """The objects of an array, which may be absent."""
    items = parent.get(name)
    if items is None:
        return
    if type(items) is not list:
        yield wrong_type(name, items, "an array")
        return
    for item in items:
        yield item if type(item) is dict else wrong_type(f"an item of {name}", item, "an object")
