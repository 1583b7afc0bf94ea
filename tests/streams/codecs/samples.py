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
