"""What Prometheus is told, gathered when it asks: nothing of this costs anything in between.

Counters count what this process did since it began. Gauges with the label `partition` are those of the partitions that
the worker holds at the moment. Every label's values are few: roles, topics, partitions, kinds and reasons.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from streams.edge.health import Health
from streams.edge.metrics.metering import Meter
from streams.edge.metrics.stateful import stateful_metrics
from streams.edge.roles import Role, RoleName
from streams.edge.watchdog import is_ready, lag_of
from streams.metrics.families import counter, gauge, histogram
from streams.rejects import RejectReason
from streams.settings.topics import TopicSettings


class Sources(NamedTuple):
    """Where the figures come from."""

    roles: Sequence[Role]
    meters: Mapping[RoleName, Meter]
    health: Health
    topics: TopicSettings
    version: str
    model: str


def registry_of(sources: Sources) -> CollectorRegistry:
    """A registry of this worker's own: its figures, and its process' memory, CPU and files."""
    registry = CollectorRegistry()
    registry.register(WorkerCollector(sources))
    ProcessCollector(registry=registry)
    return registry


class WorkerCollector(Collector):
    """The worker's figures."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def collect(self) -> Iterable[Metric]:
        """All of them, as they are now."""
        source = self._sources
        meters = {role.name: source.meters[role.name] for role in source.roles}
        yield from _of_worker(source)
        yield from _of_work(meters)
        yield from _of_reading(source.roles)
        yield from stateful_metrics([role for role in source.roles if role.has_state], meters, source.topics)


def _of_worker(source: Sources) -> Iterator[Metric]:
    build = {(source.version, source.model): 1.0}
    yield gauge(
        "build_info", "1; the version of foreshock, and the model that predictions name", build, "version", "model"
    )
    ready = {role: float(health["ready"]) for role, health in source.health.readiness().items()}
    yield gauge("ready", "1 if the role has its partitions and their state, and reads on; else 0", ready, "role")


def _of_work(meters: Mapping[RoleName, Meter]) -> Iterator[Metric]:
    steps = {role: meter.steps for role, meter in meters.items()}
    yield histogram(
        "step_duration_seconds", "Time that one step over a fetched batch took, without sending", steps, "role"
    )
    records = {role: meter.records for role, meter in meters.items()}
    yield counter("read_records", "Records that were read and applied", records, "role")
    samples = {role: meter.samples for role, meter in meters.items()}
    yield counter(
        "samples",
        "Samples that ingest passed on, and that the forecast took; rows of signals; replayed ones again",
        samples,
        "role",
    )
    rejects = {(role, reason): meter.rejects[reason] for role, meter in meters.items() for reason in RejectReason}
    yield counter(
        "rejected_rows", "Rows, or whole messages, that were refused; `late` is a reason", rejects, "role", "reason"
    )


def _of_reading(roles: Sequence[Role]) -> Iterator[Metric]:
    lags = {role.name: lag_of(role) if is_ready(role.app) else {} for role in roles}
    lag = {(role, *place): lag for role, of in lags.items() for place, lag in of.items()}
    yield gauge("lag_records", "Records of the partition that are left to read", lag, "role", "topic", "partition")
    assigned = {role: len(of) for role, of in lags.items()}
    yield gauge("assigned_partitions", "Partitions that the role reads; 0 during a rebalance", assigned, "role")
    generation = {role.name: role.app.consumer_generation_id for role in roles}
    yield gauge("group_generation", "The consumer group's generation: each rebalance is one more", generation, "role")
    silence = {role.name: role.app.contact.silence_s() for role in roles}
    yield gauge(
        "group_silence_seconds", "Time since the coordinator of the consumer group answered last", silence, "role"
    )
    unacknowledged = {role.name: role.outbox.unacknowledged for role in roles}
    yield gauge("unacknowledged_records", "Records that were sent and are not acknowledged", unacknowledged, "role")
