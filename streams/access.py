"""Who needs to do what on the broker: a pure plan of users and their permissions, as small as they may be.

Kafka's own words: an operation on a resource; whoever may read or write a topic may describe it, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from streams.settings.model import Settings
from streams.topics import topic_plan


class Resource(StrEnum):
    """What a permission is about."""

    TOPIC = "topic"
    GROUP = "group"


class Operation(StrEnum):
    """What may be done with it."""

    READ = "Read"
    WRITE = "Write"
    CREATE = "Create"
    DESCRIBE = "Describe"
    DESCRIBE_CONFIGS = "DescribeConfigs"


@dataclass(frozen=True, slots=True)
class Permission:
    """Operations on a topic or a group, or on all whose names begin so."""

    resource: Resource
    name: str
    operations: tuple[Operation, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """One who comes to the broker: a name, what it is for, and all that it may do."""

    name: str
    purpose: str
    permissions: tuple[Permission, ...]


ROLES = ("ingest", "forecast", "correlate")
"""Each has a consumer group of its own."""


def access_plan(settings: Settings) -> list[User]:
    """All users that a cluster needs; a program that does several things may be given several's permissions."""
    prefix = settings.topics.prefix
    return [
        User(f"{prefix}-admin", "makes and compares the topics", tuple(_admin(settings))),
        User(f"{prefix}-worker", "reads telemetry and events, writes everything else", tuple(_worker(settings))),
        User(f"{prefix}-serve", "reads what the workers publish", tuple(_reading(settings))),
        User(f"{prefix}-telemetry", "sends telemetry, and nothing else", tuple(_sending(settings))),
        User(f"{prefix}-events", "sends incidents and maintenance, and lists them", tuple(_events(settings))),
        User(f"{prefix}-reader", "a subscriber of predictions, in groups of its own", tuple(_subscriber(settings))),
    ]


def _admin(settings: Settings) -> Iterator[Permission]:
    operations = (Operation.CREATE, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS)
    for spec in topic_plan(settings):
        yield Permission(Resource.TOPIC, spec.name, operations)
    # Whether they are there.
    for source in settings.sources:
        yield Permission(Resource.TOPIC, source.topic, (Operation.DESCRIBE,))


def _worker(settings: Settings) -> Iterator[Permission]:
    topics = settings.topics
    # What a worker refuses to start without: it looks at how these are kept.
    kept = {topics.samples, topics.signals, topics.state, topics.correlate_state}
    for source in settings.sources:
        yield Permission(Resource.TOPIC, source.topic, (Operation.READ,))
    for spec in topic_plan(settings):
        if spec.name == topics.events:
            yield Permission(Resource.TOPIC, spec.name, (Operation.READ,))
        elif spec.name in kept:
            operations = (Operation.READ, Operation.WRITE, Operation.DESCRIBE_CONFIGS)
            yield Permission(Resource.TOPIC, spec.name, operations)
        else:
            yield Permission(Resource.TOPIC, spec.name, (Operation.WRITE,))
    for role in ROLES:
        yield Permission(Resource.GROUP, f"{topics.prefix}-{role}", (Operation.READ,))


def _reading(settings: Settings) -> Iterator[Permission]:
    topics = settings.topics
    not_asked = {topics.events, topics.signals, topics.state, topics.correlate_state}
    for spec in topic_plan(settings):
        if spec.name not in not_asked:
            yield Permission(Resource.TOPIC, spec.name, (Operation.READ,))


def _sending(settings: Settings) -> Iterator[Permission]:
    for source in settings.sources:
        yield Permission(Resource.TOPIC, source.topic, (Operation.WRITE,))


def _events(settings: Settings) -> Iterator[Permission]:
    yield Permission(Resource.TOPIC, settings.topics.events, (Operation.READ, Operation.WRITE))


def _subscriber(settings: Settings) -> Iterator[Permission]:
    topics = settings.topics
    predictions = (topics.forecasts, topics.capacity, topics.failures, topics.anomalies, topics.incidents)
    for name in (*predictions, topics.quality):
        yield Permission(Resource.TOPIC, name, (Operation.READ,))
    yield Permission(Resource.GROUP, f"{topics.prefix}-reader", (Operation.READ,), is_prefix=True)
