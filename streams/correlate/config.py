"""What a correlate pipeline needs to know, drawn from the settings once."""

from dataclasses import dataclass

from streams.settings.incidents import Dependency, MetricWeight, weight_of
from streams.settings.model import Settings
from streams.signals import MINUTE_MS


@dataclass(frozen=True, slots=True)
class CorrelateConfig:
    """Settings of one pipeline; the same for all partitions.

    `samples_partitions` is how many partitions of the samples topic write to each of the signals topic.
    """

    samples_partitions: int
    per_day: float
    agree: int
    flood: int
    quiet_minutes: int
    life_minutes: int
    metrics: tuple[MetricWeight, ...]
    dependencies: tuple[Dependency, ...]
    incidents_topic: str
    signals_topic: str
    rejects_topic: str

    @classmethod
    def from_settings(cls, settings: Settings) -> "CorrelateConfig":
        """The pipeline's part of the settings."""
        incidents, topics = settings.incidents, settings.topics
        return cls(
            samples_partitions=topics.partitions,
            per_day=incidents.per_day,
            agree=incidents.agree,
            flood=incidents.flood,
            quiet_minutes=-(-incidents.quiet_ms // MINUTE_MS),
            life_minutes=-(-incidents.life_ms // MINUTE_MS),
            metrics=incidents.metrics,
            dependencies=settings.dependencies,
            incidents_topic=topics.incidents,
            signals_topic=topics.signals,
            rejects_topic=topics.rejects,
        )

    def weight(self, metric: str) -> float:
        """How much a metric counts in its entity's score."""
        return weight_of(metric, self.metrics)
