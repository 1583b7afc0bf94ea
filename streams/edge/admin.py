"""Our topics on the broker: create those that are missing, compare those that are there with the plan."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import InvalidReplicationFactorError, KafkaError, TopicAlreadyExistsError, for_code

from streams.cli.errors import ExitCode, UserError
from streams.edge.reach import reaching
from streams.edge.retention import logs_and_states, unfit
from streams.near import did_you_mean
from streams.settings.client import client_options
from streams.settings.errors import Problem, SettingsError
from streams.settings.model import Settings
from streams.topics import TopicSpec, source_plan, topic_plan

CONNECT_SECONDS_MAX = 8.0
REQUEST_SECONDS_MAX = 30.0
SECONDS_BETWEEN_LOOKS = 0.1


class UnfitTopicsError(UserError):
    """The topics on the broker are none that a worker with these settings can go on with, or would lose something."""

    exit_code = ExitCode.USAGE


async def create_topics(settings: Settings) -> list[str]:
    """Create the topics that are missing, and return their names.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached.
    UnfitTopicsError
        If those that are there are none to go on with.
    UserError
        If the broker refuses; the message has its reason.
    """
    async with _admin(settings) as admin:
        present = await _partitions(admin)
        _refuse_other_partitions(settings, present)
        await _refuse_orphaned_state(settings, present)
        missing = [spec for spec in topic_plan(settings) if spec.name not in present]
        taken = await _create(admin, missing)
        if taken:
            _refuse_other_partitions(settings, await _partitions_once_known(admin, taken))
        return [spec.name for spec in missing if spec.name not in taken]


async def create_sources(settings: Settings) -> list[str]:
    """Create the source topics that are missing, with the broker's own configuration, and return their names.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached.
    UserError
        If the broker refuses; the message has its reason.
    """
    async with _admin(settings) as admin:
        present = await _partitions(admin)
        missing = [spec for spec in source_plan(settings) if spec.name not in present]
        taken = await _create(admin, missing)
        await _partitions_once_known(admin, {spec.name for spec in missing})
        return [spec.name for spec in missing if spec.name not in taken]


async def refuse_unfit_topics(settings: Settings) -> None:
    """See that the topics keep what a worker counts on.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached.
    UnfitTopicsError
        If one would lose samples or state; the message says which, and how to mend it.
    """
    # Of a topic that was created a moment ago the broker may say nothing yet: it is as we planned it.
    planned = {spec.name: spec.configs for spec in topic_plan(settings)}
    async with _admin(settings) as admin:
        found = await _configs(admin, logs_and_states(settings))
    problems = list(unfit(settings, planned | found))
    if problems:
        raise UnfitTopicsError("\n".join([str(problem) for problem in problems]))


async def check_topics(settings: Settings) -> list[Problem]:
    """Compare the broker with the plan: missing topics, sources too, partitions, configurations, what would lose data.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached.
    """
    plan = topic_plan(settings)
    async with _admin(settings) as admin:
        present = await _partitions(admin)
        configs = await _configs(admin, [spec.name for spec in plan if spec.name in present])
    differing = [
        problem for spec in plan for problem in compare(spec, present.get(spec.name), configs.get(spec.name, {}))
    ]
    return [*absent_sources(settings, present), *differing, *unfit(settings, configs)]


async def missing_sources(settings: Settings) -> list[Problem]:
    """The source topics that the broker does not have, each with its place in the settings.

    That is no error: a topic may come later, and is then read from its beginning.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached.
    """
    async with _admin(settings) as admin:
        return list(absent_sources(settings, await _partitions(admin)))


async def lost_topics(settings: Settings) -> list[str]:
    """Those of our topics that are not there, in order.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached.
    """
    async with _admin(settings) as admin:
        return sorted({spec.name for spec in topic_plan(settings)} - (await _partitions(admin)).keys())


async def partitions_of(settings: Settings, topic: str) -> int | None:
    """How many partitions a topic has; None if it is missing.

    Raises
    ------
    BrokerUnavailableError
        If the broker can't be reached.
    """
    async with _admin(settings) as admin:
        return (await _partitions(admin)).get(topic)


async def ask_broker(settings: Settings) -> None:
    """See whether a broker answers.

    Raises
    ------
    BrokerUnavailableError
        If none does.
    """
    async with _admin(settings):
        pass


def compare(spec: TopicSpec, partitions: int | None, configs: Mapping[str, str]) -> Iterator[Problem]:
    """What differs between a planned topic and the one on the broker; `partitions` is None where there is none."""
    if partitions is None:
        yield Problem(spec.name, "is missing; `foreshock topics create` makes it")
        return
    if partitions != spec.partitions:
        yield Problem(spec.name, f"has {partitions} partitions, should have {spec.partitions}")
    for key, planned in spec.configs.items():
        actual = configs.get(key)
        # A broker that keeps a configuration to itself is not said to have a wrong one.
        if actual is not None and _values(actual) != _values(planned):
            yield Problem(spec.name, f"has {key}={actual}, should have {planned}")


def absent_sources(settings: Settings, present: Collection[str]) -> Iterator[Problem]:
    """The source topics that are not among those on the broker, and which may be meant."""
    ours = {spec.name for spec in topic_plan(settings)}
    others = [name for name in present if name not in ours and not name.startswith("__")]
    for place, source in enumerate(settings.sources):
        if source.topic not in present:
            near = did_you_mean(source.topic, others)
            yield Problem(f"sources[{place}].topic", f"the broker has no topic {source.topic!r}{near}")


@asynccontextmanager
async def _admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**client_options(settings))
    try:
        await _connect(admin, settings)
        async with asyncio.timeout(REQUEST_SECONDS_MAX):
            yield admin
    except (KafkaError, OSError, TimeoutError) as error:
        raise UserError(f"Kafka did not carry out the request: {_words(error)}") from error
    finally:
        await admin.close()


async def _connect(admin: AIOKafkaAdminClient, settings: Settings) -> None:
    with reaching(settings.broker.bootstrap_servers, "broker.bootstrap_servers"):
        try:
            async with asyncio.timeout(CONNECT_SECONDS_MAX):
                await admin.start()
        except TimeoutError as error:
            raise TimeoutError(f"no answer within {CONNECT_SECONDS_MAX:g} s") from error


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    # All topics are asked for: naming one that is missing would make some brokers create it.
    return {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}


async def _create(admin: AIOKafkaAdminClient, specs: list[TopicSpec]) -> set[str]:
    """Create topics; returns the names of those that somebody else had created in the meantime."""
    if not specs:
        return set()
    response = await admin.create_topics([_new_topic(spec) for spec in specs])
    _refuse_too_many_copies(response, specs[0].replication_factor)
    _raise_refusals(response)
    return {topic for topic, code, _ in response.topic_errors if code == TopicAlreadyExistsError.errno}


async def _partitions_once_known(admin: AIOKafkaAdminClient, names: set[str]) -> dict[str, int]:
    """The partitions of topics that exist: a broker hears of a new one a moment after the controller."""
    while names - (present := await _partitions(admin)).keys():
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    return present


def _refuse_other_partitions(settings: Settings, present: Mapping[str, int]) -> None:
    """Entities would be on other partitions than their state."""
    unlike = [
        f"topic {spec.name} has {present[spec.name]} partitions, the settings say {spec.partitions}"
        for spec in topic_plan(settings)
        if present.get(spec.name, spec.partitions) != spec.partitions
    ]
    if unlike:
        raise UnfitTopicsError(
            "; ".join(unlike) + ". Set topics.partitions back, or begin anew under another topics.prefix"
        )


async def _refuse_orphaned_state(settings: Settings, present: Mapping[str, int]) -> None:
    """State belongs to the log it was made from. Another one, once it is as long, would be taken for it."""
    topics = settings.topics
    for log, state in ((topics.samples, topics.state), (topics.signals, topics.correlate_state)):
        if log in present or state not in present:
            continue
        if await _holds_records(settings, state, present[state]):
            raise UnfitTopicsError(
                f"topic {log} is missing, but {state} holds the state that was made from it: it was deleted."
                f" Bring it back; or, to begin anew, delete {state} too, or set another topics.prefix"
            )


async def _holds_records(settings: Settings, topic: str, partitions: int) -> bool:
    """Whether anything was ever written to a topic."""
    consumer = AIOKafkaConsumer(**client_options(settings))
    try:
        await consumer.start()
        ends = await consumer.end_offsets([TopicPartition(topic, number) for number in range(partitions)])
    finally:
        await consumer.stop()
    return any(ends.values())


async def _configs(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    responses = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    return {
        name: {entry[0]: entry[1] for entry in entries}
        for response in responses
        for code, _, _, name, entries in response.resources
        if code == 0
    }


def _new_topic(spec: TopicSpec) -> NewTopic:
    return NewTopic(spec.name, spec.partitions, spec.replication_factor, topic_configs=dict(spec.configs))


def _refuse_too_many_copies(response: Any, copies: int) -> None:
    """It is the same of every topic, so it is said once."""
    reasons = [text for _, code, text in response.topic_errors if code == InvalidReplicationFactorError.errno]
    if reasons:
        message = f"is {copies}, which the cluster can't keep: {reasons[0] or 'it has fewer brokers'}"
        raise SettingsError([Problem("topics.replication_factor", message)], "settings")


def _raise_refusals(response: Any) -> None:
    # A topic that another process created in the meantime is as good as ours, if it has our partitions.
    fine = {0, TopicAlreadyExistsError.errno}
    refused = [(topic, code, text) for topic, code, text in response.topic_errors if code not in fine]
    if refused:
        lines = [f"topic {topic} can't be created: {text or for_code(code).__name__}" for topic, code, text in refused]
        raise UserError("\n".join(lines))


def _values(config: str) -> set[str]:
    return {value.strip() for value in config.split(",")}


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__
