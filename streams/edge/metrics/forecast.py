"""Figures of the role that has state: predictions, series, checkpoints, restores."""

from collections.abc import Iterator, Sequence

from prometheus_client.metrics_core import Metric

from streams.edge.metrics.families import counter, gauge, summary
from streams.edge.metrics.metering import Meter
from streams.edge.roles import Role
from streams.runtime.figures import PartitionView
from streams.schema import RecordKind
from streams.settings.topics import TopicSettings

MS_PER_S = 1000.0


def forecast_metrics(role: Role, meter: Meter, topics: TopicSettings) -> Iterator[Metric]:
    """All of them, as they are now."""
    yield from _of_predictions(role, topics)
    yield from _of_work(meter)
    yield from _of_partitions(role.partitions())
    yield from _of_checkpoints(role, topics.state)
    yield from _of_restores(role)
    yield from _of_damage(role)


def _of_predictions(role: Role, topics: TopicSettings) -> Iterator[Metric]:
    topic_of = {
        RecordKind.FORECAST: topics.forecasts,
        RecordKind.QUALITY: topics.quality,
        RecordKind.CAPACITY: topics.capacity,
        RecordKind.FAILURE: topics.failures,
        RecordKind.ANOMALY: topics.anomalies,
    }
    sent = {kind: role.outbox.records[topic] for kind, topic in topic_of.items()}
    yield counter("predictions", "Records of predictions that were sent, ends of keys and replays too", sent, "kind")


def _of_work(meter: Meter) -> Iterator[Metric]:
    yield counter(
        "repeated_rows",
        "Rows that came again and were passed over: ingest sends some twice",
        meter.repeated,
    )
    yield counter("evicted_series", "Idle series that gave their place to newcomers", meter.evicted)


def _of_partitions(views: Sequence[PartitionView]) -> Iterator[Metric]:
    series = {view.partition: view.pipeline.series for view in views}
    yield gauge("series", "Series that the partition holds", series, "partition")
    limits = {view.partition: view.pipeline.series_max for view in views}
    yield gauge("series_limit", "Series that it may hold (limits.series_per_partition)", limits, "partition")
    times = {
        view.partition: view.pipeline.event_time_ms / MS_PER_S
        for view in views
        if view.pipeline.event_time_ms is not None
    }
    yield gauge(
        "event_time_seconds", "How far event time has come, in seconds since 1970: it is behind by time() less this",
        times, "partition",
    )  # fmt: skip
    ages = {view.partition: view.checkpoint_age_s for view in views}
    yield gauge("checkpoint_age_seconds", "Time since the partition's state was last durable", ages, "partition")


def _of_checkpoints(role: Role, state_topic: str) -> Iterator[Metric]:
    yield counter("checkpoints", "Checkpoints that were written", role.totals["checkpoints"])
    yield counter("checkpoint_records", "Records that they were written as", role.outbox.records[state_topic])
    yield counter(
        "checkpoint_bytes", "Bytes of these records' values, before compression", role.outbox.value_bytes[state_topic]
    )


def _of_restores(role: Role) -> Iterator[Metric]:
    restored = role.restored()
    yield summary(
        "restore_duration_seconds", "Time from an assignment until the state was back; the replay comes after it",
        restored.times, restored.seconds,
    )  # fmt: skip
    yield counter("restored_records", "Changelog records read back", restored.records)
    yield counter("restored_bytes", "Bytes of these records' values", restored.value_bytes)


def _of_damage(role: Role) -> Iterator[Metric]:
    totals = role.totals
    yield counter(
        "quarantined_sections",
        "Parts of a state that were damaged or missing, and put aside",
        totals["quarantined_sections"],
    )
    yield counter(
        "quarantined_series",
        "Series of these parts that were read again from the samples topic, where not all of the partition was",
        totals["quarantined_series"],
    )
    yield counter(
        "rebuilt_partitions",
        "Partitions whose whole state was read again from the samples topic",
        totals["rebuilt_partitions"],
    )
    yield counter(
        "rebuilt_records",
        "Records of the samples topic that were read again for the sake of these",
        totals["rebuilt_records"],
    )
