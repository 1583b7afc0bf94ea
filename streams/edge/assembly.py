"""What a worker is made of: its roles, what watches them, and what tells of them."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import NamedTuple

from prometheus_client import CollectorRegistry

from streams.edge.fatal import Fatal
from streams.edge.health import Health, RoleHealth
from streams.edge.ingest_role import IngestRole
from streams.edge.limits import TransportLimits
from streams.edge.metrics.collector import Sources, registry_of
from streams.edge.metrics.metering import Meter, metered
from streams.edge.roles import Role, RoleName
from streams.edge.standstill import Standstill
from streams.edge.stateful_role import StatefulRole, Work
from streams.pipeline.config import PipelineConfig
from streams.runtime.parts import Engine
from streams.settings.model import Settings


class Assembly(NamedTuple):
    """A worker's parts, none of them started."""

    running: Sequence[RoleHealth]
    health: Health
    registry: CollectorRegistry

    @property
    def roles(self) -> list[Role]:
        """The roles alone."""
        return [one.role for one in self.running]


def assemble(
    settings: Settings, names: Sequence[RoleName], engine: Engine, limits: TransportLimits, fatal: Fatal
) -> Assembly:
    """Make the roles, with meters around the engine's parts."""
    meters = {name: Meter() for name in RoleName}
    engine = metered(engine, meters)
    running = [RoleHealth(_role(name, settings, engine, limits, fatal), Standstill()) for name in names]
    health = Health(running, fatal)
    model = PipelineConfig.from_settings(settings).model
    roles = [one.role for one in running]
    sources = Sources(roles, meters, health, settings.topics, version("foreshock"), model)
    return Assembly(running, health, registry_of(sources))


def _role(name: RoleName, settings: Settings, engine: Engine, limits: TransportLimits, fatal: Fatal) -> Role:
    if name is RoleName.INGEST:
        return IngestRole(settings, engine.ingest(), limits, fatal)
    return StatefulRole(_work(name, settings, engine), settings, limits, fatal)


def _work(name: RoleName, settings: Settings, engine: Engine) -> Work:
    topics = settings.topics
    if name is RoleName.FORECAST:
        return Work(name, topics.samples, topics.state, engine.pipeline)
    return Work(name, topics.signals, topics.correlate_state, engine.correlate)
