"""Prometheus' metric families: of one figure, or of a mapping from label values to figures."""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)

from streams.metrics.distribution import Distribution
from streams.metrics.durations import Durations

PREFIX = "foreshock_"


def gauge(name: str, text: str, values: float | Mapping[Any, float], *labels: str) -> Metric:
    """Figures that go up and down. Keys of the mapping are a label's value, or a tuple of several labels'."""
    family = GaugeMetricFamily(PREFIX + name, text, labels=labels)
    for place, value in _by_labels(values):
        family.add_metric(place, value)
    return family


def counter(name: str, text: str, values: float | Mapping[Any, float], *labels: str) -> Metric:
    """Figures that only grow; Prometheus has them with `_total` at the end."""
    family = CounterMetricFamily(PREFIX + name, text, labels=labels)
    for place, value in _by_labels(values):
        family.add_metric(place, value)
    return family


def histogram(name: str, text: str, values: Mapping[Any, Durations], *labels: str) -> Metric:
    """Durations, by bucket."""
    family = HistogramMetricFamily(PREFIX + name, text, labels=labels)
    for place, durations in values.items():
        family.add_metric(_texts(place), buckets=durations.buckets(), sum_value=durations.sum_s)
    return family


def distribution(name: str, text: str, values: Distribution) -> Metric:
    """Figures without a unit, by bucket."""
    family = HistogramMetricFamily(PREFIX + name, text)
    so_far = list(accumulate(values.counts))
    buckets = list(zip([*map(str, values.bounds), "+Inf"], so_far, strict=True))
    family.add_metric([], buckets=buckets, sum_value=values.total)
    return family


def summary(name: str, text: str, values: Mapping[Any, tuple[int, float]], *labels: str) -> Metric:
    """Durations: their number and their sum."""
    family = SummaryMetricFamily(PREFIX + name, text, labels=labels)
    for place, (count, total) in values.items():
        family.add_metric(_texts(place), count_value=count, sum_value=total)
    return family


def _by_labels(values: float | Mapping[Any, float]) -> Iterator[tuple[list[str], float]]:
    if isinstance(values, Mapping):
        for place, value in values.items():
            yield _texts(place), value
    else:
        yield [], values


def _texts(place: object) -> list[str]:
    return [str(value) for value in (place if isinstance(place, tuple) else (place,))]
