"""The points of one OTLP metric as samples.

| data | samples |
|---|---|
| gauge, sum that is not monotonic | `name` |
| monotonic sum, cumulative | `name_total`, a counter |
| histogram, exponential histogram, summary | `name_count` and `name_sum`, counters; no buckets, no quantiles |

A delta says what came in its interval, so it is no counter: `_delta` is added to the names. 64-bit numbers may be
JSON numbers or texts. Attributes that are lists or maps are no labels.
"""

import re
from collections.abc import Iterator
from math import nan
from typing import Any, NamedTuple

from streams.codecs.faults import Fault, missing, wrong_type
from streams.rejects import RejectReason
from streams.series import Labels

NS_PER_MS = 1_000_000
DELTA, CUMULATIVE = 1, 2
NO_RECORDED_VALUE = 1
"""Of a point's flags: there is no value, the series has ended."""

INTEGER_CHARS_MAX = 20

_TEMPORALITIES = {
    "AGGREGATION_TEMPORALITY_DELTA": DELTA,
    "AGGREGATION_TEMPORALITY_CUMULATIVE": CUMULATIVE,
    DELTA: DELTA,
    CUMULATIVE: CUMULATIVE,
}
_COUNTED = ("histogram", "exponentialHistogram", "summary")
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_NOT_FINITE = {"NaN": nan, "Infinity": float("inf"), "-Infinity": float("-inf")}


class OtlpSample(NamedTuple):
    """One sample."""

    metric: str
    labels: Labels
    time_ms: int
    value: float


def samples_of(metric: dict[str, Any], resource_attributes: object) -> Iterator[OtlpSample | Fault]:
    """Each sample of a metric, or the fault of its point."""
    name = metric.get("name")
    kind = next((kind for kind in ("gauge", "sum", *_COUNTED) if kind in metric), None)
    if type(name) is not str:
        yield wrong_type("name", name, "a string")
    elif kind is None:
        yield Fault(RejectReason.UNKNOWN_FORMAT, "the metric is no gauge, sum, histogram or summary")
    elif type(metric[kind]) is not dict:
        yield wrong_type(kind, metric[kind], "an object")
    else:
        yield from _of_data(name, kind, metric[kind], resource_attributes)


def _of_data(name: str, kind: str, data: dict[str, Any], resource_attributes: object) -> Iterator[OtlpSample | Fault]:
    points = data.get("dataPoints")
    suffix = _suffix(kind, data)
    if type(suffix) is Fault:
        yield suffix
        return
    if type(points) is not list:
        yield wrong_type("dataPoints", points, "an array")
        return
    for point in points:
        if type(point) is not dict:
            yield wrong_type("a data point", point, "an object")
        elif kind in _COUNTED:
            yield from _counted(name, suffix, point, resource_attributes)
        else:
            whole = name if name.endswith(suffix) else name + suffix
            yield _sample(whole, point, _number(point), resource_attributes)


def _suffix(kind: str, data: dict[str, Any]) -> str | Fault:
    """What is added to a metric's name, so that counters are known by it, and deltas are not taken for them."""
    if kind in ("gauge", "summary"):
        return ""
    raw = data.get("aggregationTemporality")
    temporality = _TEMPORALITIES.get(raw) if type(raw) in (int, str) else None
    if temporality is None:
        return Fault(RejectReason.WRONG_TYPE, "aggregationTemporality is neither 1 (delta) nor 2 (cumulative)")
    if temporality == DELTA:
        return "_delta"
    return "_total" if kind == "sum" and data.get("isMonotonic") is True else ""


def _counted(name: str, suffix: str, point: dict[str, Any], attributes: object) -> Iterator[OtlpSample | Fault]:
    yield _sample(f"{name}_count{suffix}", point, _integer("count", point.get("count")), attributes)
    # Where values may be negative there is no sum.
    if "sum" in point:
        yield _sample(f"{name}_sum{suffix}", point, _double("sum", point["sum"]), attributes)


def _sample(metric: str, point: dict[str, Any], value: float | Fault, attributes: object) -> OtlpSample | Fault:
    if type(value) is Fault:
        return value
    time_ns = _integer("timeUnixNano", point.get("timeUnixNano"))
    if type(time_ns) is Fault:
        return time_ns
    labels = _labels(attributes, point.get("attributes"))
    return labels if type(labels) is Fault else OtlpSample(metric, labels, int(time_ns) // NS_PER_MS, float(value))


def _number(point: dict[str, Any]) -> float | Fault:
    flags = point.get("flags", 0)
    if type(flags) is int and flags & NO_RECORDED_VALUE:
        return nan
    if "asInt" in point:
        return _integer("asInt", point["asInt"])
    return _double("asDouble", point["asDouble"]) if "asDouble" in point else missing("asDouble or asInt")


def _integer(name: str, raw: object) -> int | Fault:
    if type(raw) is int:
        return raw
    if type(raw) is str and len(raw) <= INTEGER_CHARS_MAX and _INTEGER.fullmatch(raw):
        return int(raw)
    return wrong_type(name, raw, "a whole number, or one as text")


def _double(name: str, raw: object) -> float | Fault:
    if type(raw) is float:
        return raw
    if type(raw) is int:
        return float(raw)
    known = _NOT_FINITE.get(raw) if type(raw) is str else None
    return wrong_type(name, raw, "a number") if known is None else known


def _labels(*lists: object) -> Labels | Fault:
    """Labels of several lists of attributes; of two of one name the later counts."""
    pairs: dict[str, str] = {}
    for attributes in lists:
        if attributes is None:
            continue
        if type(attributes) is not list:
            return wrong_type("attributes", attributes, "an array")
        for attribute in attributes:
            if type(attribute) is not dict or type(attribute.get("key")) is not str:
                return Fault(RejectReason.WRONG_TYPE, "an attribute is no object with a key")
            text = _text(attribute.get("value"))
            if text is not None:
                pairs[attribute["key"]] = text
    return tuple(sorted(pairs.items()))


def _text(value: object) -> str | None:
    """An attribute's value as a label has it; None: it is no scalar."""
    if type(value) is not dict:
        return None
    if type(value.get("stringValue")) is str:
        return str(value["stringValue"])
    if type(value.get("boolValue")) is bool:
        return "true" if value["boolValue"] else "false"
    number = value.get("intValue", value.get("doubleValue"))
    return str(number)[:INTEGER_CHARS_MAX] if type(number) in (int, float, str) else None
