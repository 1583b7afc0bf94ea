"""The topic that a replay goes to: connecting, and making sure that it exists."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, UnknownError, UnsupportedVersionError, for_code

from streams.cli.errors import BrokerUnavailableError, ExitCode, UserError
from streams.edge.reach import reaching

BATCH_BYTES = 256 << 10

# Of a topic made for a replay; one that is to last is made by whoever knows the cluster.
REPLICAS = 1

# What brokers answer that know no idempotent producers.
NO_IDEMPOTENCE = (UnknownError, UnsupportedVersionError)


class NoSuchTopicError(UserError):
    """The topic does not exist, and nobody asked for it to be made."""

    exit_code = ExitCode.USAGE


class TopicRefusedError(UserError):
    """The broker will not create the topic."""


@asynccontextmanager
async def connected(client: dict[str, Any]) -> AsyncIterator[AIOKafkaProducer]:
    """A producer whose retries neither double nor reorder, where the broker can do that.

    Parameters
    ----------
    client
        Arguments that any aiokafka client takes: `bootstrap_servers` and security.
    """
    producer = await _started(client, idempotent=True) or await _started(client, idempotent=False)
    assert producer is not None, "only an idempotent producer can be turned away"
    try:
        yield producer
    finally:
        await producer.stop()


async def ensure_topic(client: dict[str, Any], topic: str, create_partitions: int | None) -> None:
    """See that the topic exists; with `create_partitions`, create it where it doesn't.

    Asked of the admin API, because producing to a topic creates it on some brokers, misspelt or not.
    """
    admin = AIOKafkaAdminClient(**client)
    try:
        with reaching(client["bootstrap_servers"]):
            await admin.start()
        if topic not in await admin.list_topics():
            await _create(admin, topic, create_partitions)
    except KafkaError as error:
        raise _unavailable(client, error) from error
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, topic: str, partitions: int | None) -> None:
    if partitions is None:
        raise NoSuchTopicError(f"the broker has no topic {topic!r}\nname another, or add --create-topic")
    created = await admin.create_topics([NewTopic(topic, partitions, REPLICAS)])
    for name, code, *detail in created.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise TopicRefusedError(
                f"the broker will not create {name!r}: {error.__name__} {detail[0] if detail else ''}"
            )


async def _started(client: dict[str, Any], *, idempotent: bool) -> AIOKafkaProducer | None:
    producer = AIOKafkaProducer(
        **client, acks="all", enable_idempotence=idempotent, compression_type="zstd", max_batch_size=BATCH_BYTES
    )
    try:
        await producer.start()
    except NO_IDEMPOTENCE as error:
        await producer.stop()
        if idempotent:
            return None
        raise _unavailable(client, error) from error
    except (KafkaError, OSError) as error:
        await producer.stop()
        raise _unavailable(client, error) from error
    return producer


def _unavailable(client: dict[str, Any], error: Exception) -> BrokerUnavailableError:
    servers = client["bootstrap_servers"]
    shown = servers if isinstance(servers, str) else ",".join(servers)
    return BrokerUnavailableError(
        f"can't reach the broker at {shown}: {error}\nis it running, and is that its address?"
    )
