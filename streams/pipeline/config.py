"""What a pipeline needs to know, drawn from the settings once."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import inf

import numpy as np

from models.arrays import Floats
from models.calendar.clocks import Clocks
from models.forecast.params import DEFAULTS, Params
from streams.events import Event
from streams.pipeline.clocks import clocks_of, zone_numbers
from streams.series import SeriesKey
from streams.settings.anomalies import AnomalyRule
from streams.settings.hazards import HazardRule
from streams.settings.incidents import MetricWeight, weight_of
from streams.settings.model import Settings
from streams.settings.objectives import EventCount, Objective
from streams.settings.rules import CapacityRule, FailureRule
from streams.settings.sources import SourceSettings

MODEL_VERSION = "mixture/3"
"""Changes with anything that changes a prediction's bytes; what is named in predictions is `PipelineConfig.model`."""

COUNTER_PATTERNS = ("*_total", "*_count", "*_sum")
"""Prometheus' names of counters and of the counters in its histograms and summaries."""


UNNAMED_SOURCE = SourceSettings(topic="unnamed")
"""Of telemetry topics that the settings do not name: the defaults."""


@dataclass(frozen=True, slots=True)
class SignalConfig:
    """What the signals are made of, and where they go."""

    scope: frozenset[str]
    metrics: tuple[MetricWeight, ...]
    partitions: int
    signals_topic: str

    @classmethod
    def from_settings(cls, settings: Settings) -> "SignalConfig":
        """The part of the settings that is about them."""
        incidents, topics = settings.incidents, settings.topics
        return cls(frozenset(incidents.scope), incidents.metrics, topics.partitions, topics.signals)

    def weight(self, metric: str) -> float:
        """How much a metric counts in its entity's score."""
        return weight_of(metric, self.metrics)


@dataclass(frozen=True, slots=True)
class PipelineConfig:
    """Settings of one pipeline; the same for all partitions."""

    horizon_steps: int
    levels: Floats
    emit_every_steps: int
    capacity_rules: tuple[CapacityRule, ...]
    failure_rules: tuple[FailureRule, ...]
    anomaly_rules: tuple[AnomalyRule, ...]
    signals: SignalConfig
    hazards: tuple[HazardRule, ...]
    objectives: tuple[Objective, ...]
    sources: dict[str, SourceSettings]
    clocks: Clocks
    params: Params
    zones: dict[str, int]
    series_max: int
    jump_steps: int
    evict_after_ms: int
    forecasts_topic: str
    capacity_topic: str
    failures_topic: str
    anomalies_topic: str
    quality_topic: str
    rejects_topic: str
    samples_topic: str

    @classmethod
    def from_settings(cls, settings: Settings) -> "PipelineConfig":
        """The pipeline's part of the settings."""
        numbers = zone_numbers(settings.sources)
        return cls(
            horizon_steps=settings.forecast.horizon,
            levels=np.array(settings.forecast.quantiles, np.float64),
            emit_every_steps=settings.forecast.emit_every,
            capacity_rules=tuple(settings.capacity),
            failure_rules=tuple(settings.failures),
            anomaly_rules=tuple(settings.anomalies),
            signals=SignalConfig.from_settings(settings),
            hazards=tuple(settings.hazards),
            objectives=tuple(settings.objectives),
            sources={source.topic: source for source in settings.sources},
            clocks=clocks_of(list(numbers), settings.calendar),
            params=settings.forecast.params.params if settings.forecast.params else DEFAULTS,
            zones={source.topic: numbers[source.timezone] for source in settings.sources},
            series_max=settings.limits.series_per_partition,
            jump_steps=settings.limits.jump_steps,
            evict_after_ms=settings.limits.evict_after_ms,
            forecasts_topic=settings.topics.forecasts,
            capacity_topic=settings.topics.capacity,
            failures_topic=settings.topics.failures,
            anomalies_topic=settings.topics.anomalies,
            quality_topic=settings.topics.quality,
            rejects_topic=settings.topics.rejects,
            samples_topic=settings.topics.samples,
        )

    @property
    def model(self) -> str:
        """The model that predictions name: its version, and the parameters it runs with."""
        return f"{MODEL_VERSION}+{self.params.name}"

    def source(self, topic: str) -> SourceSettings:
        """How to treat samples of a telemetry topic; the log may still hold some that the settings name no more."""
        return self.sources.get(topic, UNNAMED_SOURCE)

    def zone(self, topic: str) -> int:
        """The number, in `clocks`, of the time zone of a telemetry topic's series; UTC where the settings don't say."""
        return self.zones.get(topic, 0)


def is_counter(metric: str, source: SourceSettings) -> bool:
    """Whether a metric only ever grows, so that its rate is what is forecast."""
    if any(fnmatchcase(metric, pattern) for pattern in source.gauges):
        return False
    return any(fnmatchcase(metric, pattern) for pattern in (*source.counters, *COUNTER_PATTERNS))


def bounds_of(metric: str, source: SourceSettings) -> tuple[float, float]:
    """What forecasts of a metric can't leave, by the first of the source's patterns that fits it."""
    for bounds in source.bounds:
        if fnmatchcase(metric, bounds.metric):
            return -inf if bounds.min is None else bounds.min, inf if bounds.max is None else bounds.max
    return -inf, inf


def applies(rule: CapacityRule | FailureRule | AnomalyRule | Event, key: SeriesKey) -> bool:
    """Whether a rule, or an event, is about this series."""
    return fnmatchcase(key.metric, rule.metric) and applies_labels(rule, key)


def applies_labels(
    rule: CapacityRule | FailureRule | AnomalyRule | HazardRule | EventCount | Event, key: SeriesKey
) -> bool:
    """Whether a series has all labels that a rule, or an event, asks for."""
    labels = dict(key.labels)
    return all(labels.get(k) == v for k, v in rule.labels.items())
