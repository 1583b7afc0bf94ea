"""Our topics as they should be on the broker: a pure plan, which `streams.edge.admin` carries out."""

from collections.abc import Mapping
from dataclasses import dataclass

from streams.settings.model import Settings

# A checkpoint's section may come near 1 MB, and the broker counts the batch around it.
STATE_MESSAGE_BYTES_MAX = 2 * 2**20
# The state is read back whole on every assignment: it is worth cleaning early and in small segments.
STATE_DIRTY_RATIO = 0.1
STATE_SEGMENT_MS = 10 * 60 * 1000


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic: its name, size, and those of Kafka's topic configurations that matter to us."""

    name: str
    partitions: int
    replication_factor: int
    configs: Mapping[str, str]


# Events are few, and the newest of an id holds: on one partition they have one order, whatever their keys.
EVENT_PARTITIONS = 1


def topic_plan(settings: Settings) -> list[TopicSpec]:
    """All topics of our own: those that foreshock writes, and the events topic."""
    topics = settings.topics
    # Predictions are compacted (a key's newest is what holds) and expire too, for keys end with their series.
    predictions = {"cleanup.policy": "compact,delete", "retention.ms": str(topics.predictions_retention_ms)}
    samples = {"cleanup.policy": "delete", "retention.ms": str(topics.samples_retention_ms)}
    state = {
        "cleanup.policy": "compact",
        "max.message.bytes": str(STATE_MESSAGE_BYTES_MAX),
        "min.cleanable.dirty.ratio": str(STATE_DIRTY_RATIO),
        "segment.ms": str(STATE_SEGMENT_MS),
    }
    configs = {
        topics.events: samples,
        topics.samples: samples,
        topics.forecasts: predictions,
        topics.capacity: predictions,
        topics.failures: predictions,
        topics.anomalies: predictions,
        topics.incidents: predictions,
        topics.quality: predictions,
        topics.rejects: {"cleanup.policy": "delete", "retention.ms": str(topics.predictions_retention_ms)},
        topics.signals: samples,
        topics.state: state,
        topics.correlate_state: state,
    }
    partitions = {topics.events: EVENT_PARTITIONS}
    return [
        TopicSpec(name, partitions.get(name, topics.partitions), topics.replication_factor, config)
        for name, config in configs.items()
    ]


def source_plan(settings: Settings) -> list[TopicSpec]:
    """The source topics, for trials: they are somebody else's to make, who knows how long to keep what is on them."""
    topics = settings.topics
    return [TopicSpec(source.topic, topics.partitions, topics.replication_factor, {}) for source in settings.sources]
