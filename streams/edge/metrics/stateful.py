"""Figures of the roles that have state: what they publish, what they hold, checkpoints, restores."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from prometheus_client.metrics_core import Metric

from models.arrays import Floats
from streams.edge.metrics.metering import Meter
from streams.edge.roles import Role, RoleName
from streams.metrics.families import counter, distribution, gauge, summary
from streams.pipeline.marks import NO_MARKS, coverages_in, qualities_in, skills_in
from streams.runtime.figures import PartitionView
from streams.schema import RecordKind
from streams.settings.topics import TopicSettings

MS_PER_S = 1000.0

Views = Mapping[RoleName, Sequence[PartitionView]]


def stateful_metrics(
    roles: Sequence[Role], meters: Mapping[RoleName, Meter], topics: TopicSettings
) -> Iterator[Metric]:
    """All of them, as they are now."""
    views = {role.name: role.partitions() for role in roles}
    if not roles:
        return
    yield from _of_predictions(roles, topics)
    yield from _of_forecasts(meters[RoleName.FORECAST].marks if RoleName.FORECAST in views else NO_MARKS)
    yield from _of_work({role.name: meters[role.name] for role in roles})
    yield from _of_holdings(views)
    yield from _of_partitions(views)
    yield from _of_checkpoints(roles, topics)
    yield from _of_restores(roles)
    yield from _of_damage(roles)


def _of_predictions(roles: Iterable[Role], topics: TopicSettings) -> Iterator[Metric]:
    topic_of = {
        RecordKind.FORECAST: topics.forecasts,
        RecordKind.QUALITY: topics.quality,
        RecordKind.CAPACITY: topics.capacity,
        RecordKind.FAILURE: topics.failures,
        RecordKind.ANOMALY: topics.anomalies,
        RecordKind.INCIDENT: topics.incidents,
    }
    sent = {kind: sum([role.outbox.records[topic] for role in roles]) for kind, topic in topic_of.items()}
    yield counter("predictions", "Records of predictions that were sent, ends of keys and replays too", sent, "kind")


def _of_forecasts(marks: Floats) -> Iterator[Metric]:
    qualities = qualities_in(marks)
    yield counter("forecasts", "Forecasts by whether they are worth acting on, replays too", qualities, "quality")
    yield distribution(
        "forecast_skill", "Skill of the forecasts that were made: share of seasonal naive's loss", skills_in(marks)
    )
    yield distribution(
        "forecast_coverage", "Share of values that came within the 80 % band, of the forecasts that were made",
        coverages_in(marks),
    )  # fmt: skip


def _of_work(meters: Mapping[RoleName, Meter]) -> Iterator[Metric]:
    yield counter(
        "repeated_rows",
        "Rows, or records of signals, that came again and were passed over: some are sent twice",
        {role: meter.repeated for role, meter in meters.items()},
        "role",
    )
    forecast, correlate = meters.get(RoleName.FORECAST, Meter()), meters.get(RoleName.CORRELATE, Meter())
    yield counter("evicted_series", "Idle series that gave their place to newcomers", forecast.evicted)
    yield counter("evicted_entities", "Idle entities that gave their place to newcomers", correlate.evicted)


def _of_holdings(views: Views) -> Iterator[Metric]:
    series = {view.partition: view.pipeline.series for view in views.get(RoleName.FORECAST, ())}
    yield gauge("series", "Series that the partition holds", series, "partition")
    limits = {view.partition: view.pipeline.series_max for view in views.get(RoleName.FORECAST, ())}
    yield gauge("series_limit", "Series that it may hold (limits.series_per_partition)", limits, "partition")
    entities = {view.partition: view.pipeline.series for view in views.get(RoleName.CORRELATE, ())}
    yield gauge("entities", "Entities that the partition of the signals topic compares", entities, "partition")


def _of_partitions(views: Views) -> Iterator[Metric]:
    held = {(role, view.partition): view for role, of_role in views.items() for view in of_role}
    times = {
        place: view.pipeline.event_time_ms / MS_PER_S
        for place, view in held.items()
        if view.pipeline.event_time_ms is not None
    }
    yield gauge(
        "event_time_seconds", "How far event time has come, in seconds since 1970: it is behind by time() less this",
        times, "role", "partition",
    )  # fmt: skip
    ages = {place: view.checkpoint_age_s for place, view in held.items()}
    yield gauge(
        "checkpoint_age_seconds", "Time since the partition's state was last durable", ages, "role", "partition"
    )


def _of_checkpoints(roles: Iterable[Role], topics: TopicSettings) -> Iterator[Metric]:
    topic_of = {RoleName.FORECAST: topics.state, RoleName.CORRELATE: topics.correlate_state}
    yield _each(roles, "checkpoints", "Checkpoints that were written", lambda role: role.totals["checkpoints"])
    yield _each(
        roles, "checkpoint_records", "Records that they were written as",
        lambda role: role.outbox.records[topic_of[role.name]],
    )  # fmt: skip
    yield _each(
        roles, "checkpoint_bytes", "Bytes of these records' values, before compression",
        lambda role: role.outbox.value_bytes[topic_of[role.name]],
    )  # fmt: skip


def _of_restores(roles: Iterable[Role]) -> Iterator[Metric]:
    yield summary(
        "restore_duration_seconds", "Time from an assignment until the state was back; the replay comes after it",
        {role.name: (role.restored().times, role.restored().seconds) for role in roles}, "role",
    )  # fmt: skip
    yield _each(roles, "restored_records", "Changelog records read back", lambda role: role.restored().records)
    yield _each(roles, "restored_bytes", "Bytes of these records' values", lambda role: role.restored().value_bytes)


def _of_damage(roles: Iterable[Role]) -> Iterator[Metric]:
    for name, text in (
        ("quarantined_sections", "Parts of a state that were damaged or missing, and put aside"),
        ("quarantined_series", "Series of these parts that were read again from the log, where not all of it was"),
        ("rebuilt_partitions", "Partitions whose whole state was read again from its log"),
        ("rebuilt_records", "Records of the log that were read again for the sake of these"),
    ):
        yield counter(name, text, {role.name: role.totals[name] for role in roles}, "role")


def _each(roles: Iterable[Role], name: str, text: str, figure: Callable[[Role], float]) -> Metric:
    """A counter of each role."""
    return counter(name, text, {role.name: figure(role) for role in roles}, "role")
