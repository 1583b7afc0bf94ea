"""Short ways to write messages and to look at columns."""

import json
from typing import Any

from streams.codecs.registry import codec
from streams.columns import Columns
from streams.series import SeriesKey, labels_of

Told = list[tuple[int, str]]


def decode(name: str, document: object, rows_max: int = 1000) -> Columns:
    """Decode a document, or bytes as they are."""
    payload = document if isinstance(document, bytes) else json.dumps(document).encode()
    return codec(name).decode(payload, rows_max)


def rows(columns: Columns) -> list[tuple[int, SeriesKey, int, float]]:
    """The columns' rows; fails if the columns differ in length."""
    return list(zip(columns.row, columns.series, columns.timestamp_ms, columns.value, strict=True))


def told(columns: Columns) -> Told:
    """Rows and reasons of the rejects."""
    return [(reject.row, str(reject.reason)) for reject in columns.rejects]


def key(metric: str, **labels: str) -> SeriesKey:
    return SeriesKey(metric, labels_of(labels))


def native(**changes: Any) -> dict[str, Any]:
    """A native sample, with changes; a change to `...` removes the field."""
    sample = {"metric": "cpu", "labels": {"host": "a"}, "timestamp": 1700000000000, "value": 1.5} | changes
    return {name: cell for name, cell in sample.items() if cell is not ...}


def adapter(**changes: Any) -> dict[str, Any]:
    """A sample of prometheus-kafka-adapter, with changes; a change to `...` removes the field."""
    sample = {
        "timestamp": "2023-11-14T22:13:20Z",
        "value": "1.5",
        "name": "up",
        "labels": {"__name__": "up", "host": "a"},
    } | changes
    return {name: cell for name, cell in sample.items() if cell is not ...}


def telegraf(**changes: Any) -> dict[str, Any]:
    """A metric of Telegraf's, with changes; a change to `...` removes the field."""
    metric = {
        "fields": {"field_1": 30, "n_images": 660.5},
        "name": "docker",
        "tags": {"host": "a"},
        "timestamp": 1700000000,
    } | changes
    return {name: cell for name, cell in metric.items() if cell is not ...}


def otlp(*metrics: dict[str, Any], resource: Any = None) -> dict[str, Any]:
    """A request of OTLP with these metrics, by default a gauge of one point."""
    scopes = [{"scope": {"name": "my.library"}, "metrics": list(metrics) or [{"name": "load", "gauge": points(1.5)}]}]
    return {
        "resourceMetrics": [{"resource": {"attributes": resource or [attribute("host", "a")]}, "scopeMetrics": scopes}]
    }


def attribute(name: str, text: str) -> dict[str, Any]:
    """An attribute of OTLP."""
    return {"key": name, "value": {"stringValue": text}}


def points(value: float, **changes: Any) -> dict[str, Any]:
    """The data of one point of OTLP, with changes; a change to `...` removes the field."""
    point = {"asDouble": value, "timeUnixNano": 1700000000000000000} | changes
    return {"dataPoints": [{name: cell for name, cell in point.items() if cell is not ...}]}
