"""OTLP in JSON: gauges, sums, histograms; numbers as numbers and as texts."""

import math
from typing import Any

import pytest

from streams.pipeline.config import is_counter
from streams.settings.sources import SourceSettings
from tests.streams.codecs.samples import Told, attribute, decode, key, otlp, points, rows, told

T_MS = 1700000000000
CUMULATIVE, DELTA = 2, 1


def summed(value: Any = 5, temporality: Any = CUMULATIVE, monotonic: bool = True, **changes: Any) -> dict[str, Any]:
    data = points(value, **changes) | {"aggregationTemporality": temporality, "isMonotonic": monotonic}
    return {"name": "requests", "unit": "1", "sum": data}


def counted(kind: str = "histogram", temporality: int = CUMULATIVE, **changes: Any) -> dict[str, Any]:
    data = points(0, **{"asDouble": ..., "count": "3", "sum": 4.5, "bucketCounts": [1, 2]} | changes)
    return {"name": "latency", kind: data | {"aggregationTemporality": temporality}}


def samples(*metrics: dict[str, Any], resource: Any = None) -> list[tuple[str, float]]:
    columns = decode("otlp_json", otlp(*metrics, resource=resource))
    assert not columns.rejects
    return [(series.metric, value) for _, series, _, value in rows(columns)]


def test_a_message_as_a_collector_writes_it() -> None:
    payload = (
        b'{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"my.service"}}]},'
        b'"scopeMetrics":[{"scope":{"name":"my.library","version":"1.0.0"},"metrics":[{"name":"my.counter","unit":"1",'
        b'"sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"asDouble":5,'
        b'"startTimeUnixNano":"1544712660300000000","timeUnixNano":"1544712660300000000","attributes":'
        b'[{"key":"my.attr","value":{"stringValue":"some value"}}]}]}}]}]}]}'
    )
    labels = {"service.name": "my.service", "my.attr": "some value"}
    assert rows(decode("otlp_json", payload)) == [(0, key("my.counter_total", **labels), 1544712660300, 5.0)]


def test_gauges_and_sums_that_fall() -> None:
    assert samples({"name": "load", "gauge": points(1.5)}) == [("load", 1.5)]
    assert samples(summed(monotonic=False)) == [("requests", 5.0)]


@pytest.mark.parametrize("temporality", [2, "AGGREGATION_TEMPORALITY_CUMULATIVE"])
def test_what_only_rises_is_a_counter(temporality: Any) -> None:
    assert samples(summed(temporality=temporality)) == [("requests_total", 5.0)]
    assert samples(summed() | {"name": "requests_total"}) == [("requests_total", 5.0)]
    assert is_counter("requests_total", SourceSettings(topic="t"))


def test_deltas_are_no_counters() -> None:
    named = samples(summed(temporality=DELTA), counted(temporality=DELTA))
    assert named == [("requests_delta", 5.0), ("latency_count_delta", 3.0), ("latency_sum_delta", 4.5)]
    assert not any(is_counter(metric, SourceSettings(topic="t")) for metric, _ in named)


@pytest.mark.parametrize("kind", ["histogram", "exponentialHistogram", "summary"])
def test_counts_and_sums(kind: str) -> None:
    assert samples(counted(kind)) == [("latency_count", 3.0), ("latency_sum", 4.5)]
    assert samples(counted(kind, sum=...)) == [("latency_count", 3.0)]


@pytest.mark.parametrize(
    ("point", "value"),
    [
        ({"asDouble": ..., "asInt": 7}, 7.0),
        ({"asDouble": ..., "asInt": "-7"}, -7.0),
        ({"asDouble": ..., "asInt": 0}, 0.0),
        ({"asDouble": "Infinity"}, math.inf),
        ({"timeUnixNano": "1700000000000999999"}, 1.5),
    ],
)
def test_numbers_as_numbers_and_as_texts(point: dict[str, Any], value: float) -> None:
    (row,) = rows(decode("otlp_json", otlp({"name": "load", "gauge": points(1.5, **point)})))
    assert row == (0, key("load", host="a"), T_MS, value)


def test_a_point_without_a_recorded_value_is_not_a_number() -> None:
    columns = decode("otlp_json", otlp({"name": "load", "gauge": points(1.5, asDouble=..., flags=1)}))
    assert math.isnan(columns.value[0])


def test_attributes_of_the_point_go_over_those_of_the_resource() -> None:
    resource = [
        attribute("host", "a"),
        attribute("zone", "z"),
        {"key": "cores", "value": {"intValue": "4"}},
        {"key": "on", "value": {"boolValue": True}},
        {"key": "share", "value": {"doubleValue": 0.5}},
        {"key": "list", "value": {"arrayValue": {"values": []}}},
        {"key": "nothing", "value": {}},
    ]
    point = points(1.5, attributes=[attribute("host", "b")])
    columns = decode("otlp_json", otlp({"name": "load", "gauge": point}, resource=resource))
    assert columns.series == [key("load", host="b", zone="z", cores="4", on="true", share="0.5")]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"", [(-1, "empty_message")]),
        ([otlp()], [(-1, "unknown_format")]),
        ({"resourceMetrics": []}, [(-1, "empty_message")]),
        ({"resourceMetrics": {}}, [(0, "wrong_type")]),
        ({"resourceMetrics": [5]}, [(0, "wrong_type")]),
        (otlp({"name": "load"}), [(0, "unknown_format")]),
        (otlp({"gauge": points(1)}), [(0, "missing_field")]),
        (otlp({"name": "load", "gauge": 5}), [(0, "wrong_type")]),
        (otlp({"name": "load", "gauge": {}}), [(0, "missing_field")]),
        (otlp({"name": "load", "gauge": {"dataPoints": [5]}}), [(0, "wrong_type")]),
        (otlp({"name": "load", "gauge": points(1, asDouble=...)}), [(0, "missing_field")]),
        (otlp({"name": "load", "gauge": points(1, asDouble="1")}), [(0, "wrong_type")]),
        (otlp({"name": "load", "gauge": points(1, timeUnixNano=...)}), [(0, "missing_field")]),
        (otlp({"name": "load", "gauge": points(1, timeUnixNano="1.5")}), [(0, "wrong_type")]),
        (otlp({"name": "load", "gauge": points(1, attributes={})}), [(0, "wrong_type")]),
        (otlp({"name": "load", "gauge": points(1, attributes=[5])}), [(0, "wrong_type")]),
        (otlp(summed(temporality=0)), [(0, "wrong_type")]),
        (otlp(summed(temporality=[])), [(0, "wrong_type")]),
    ],
)
def test_refused(document: Any, expected: Told) -> None:
    columns = decode("otlp_json", document)
    assert rows(columns) == []
    assert told(columns) == expected


def test_a_bad_point_is_refused_alone() -> None:
    data = {"dataPoints": [*points(1)["dataPoints"], *points(2, asDouble=...)["dataPoints"], *points(3)["dataPoints"]]}
    columns = decode("otlp_json", otlp({"name": "load", "gauge": data}))
    assert [(row, value) for row, *_, value in rows(columns)] == [(0, 1.0), (2, 3.0)]
    assert told(columns) == [(1, "missing_field")]


def test_too_many_rows() -> None:
    assert told(decode("otlp_json", otlp(counted(), counted()), rows_max=3)) == [(-1, "too_many_rows")]
