"""The ids of topics: a topic that is deleted and made again under its name has another one.

Brokers tell them from version 10 of the metadata request on (Apache Kafka 2.8; KIP-516), aiokafka asks up to version 5.
So here is one request more, as the protocol's description has it: https://kafka.apache.org/protocol#The_Messages_Metadata
"""

import asyncio
from collections.abc import Collection
from io import BytesIO
from typing import Any
from uuid import UUID

from aiokafka.client import ConnectionGroup
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError
from aiokafka.protocol.abstract import AbstractType
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, CompactString, Int16, Int32, Schema, TaggedFields

ASK_WITHIN_S = 15.0
ASK_AGAIN_S = 0.2
NO_ID = UUID(int=0)
"""What a broker says of a topic that has no id, or that it does not know."""


class Uuid(AbstractType[UUID]):  # type: ignore[misc]  # aiokafka has no types
    """Sixteen bytes."""

    @classmethod
    def encode(cls, value: UUID) -> bytes:
        """To the wire."""
        return value.bytes

    @classmethod
    def decode(cls, data: BytesIO) -> UUID:
        """From the wire."""
        return UUID(bytes=data.read(16))


class MetadataResponse_v10(Response):  # type: ignore[misc]  # noqa: N801  # as aiokafka names them
    """What the brokers know of some topics."""

    API_KEY = 3
    API_VERSION = 10
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            CompactArray(
                ("node_id", Int32),
                ("host", CompactString("utf-8")),
                ("port", Int32),
                ("rack", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("cluster_id", CompactString("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("topic", CompactString("utf-8")),
                ("topic_id", Uuid),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("isr", CompactArray(Int32)),
                        ("offline_replicas", CompactArray(Int32)),
                        ("tags", TaggedFields),
                    ),
                ),
                ("authorized_operations", Int32),
                ("tags", TaggedFields),
            ),
        ),
        ("authorized_operations", Int32),
        ("tags", TaggedFields),
    )


class MetadataRequest_v10(RequestStruct):  # type: ignore[misc]  # noqa: N801
    """Asks for some topics by their names."""

    API_KEY = 3
    API_VERSION = 10
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = MetadataResponse_v10
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", Uuid), ("topic", CompactString("utf-8")), ("tags", TaggedFields))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
        ("tags", TaggedFields),
    )


class TopicIdsRequest(Request[MetadataRequest_v10]):  # type: ignore[misc]
    """Asks for topics, and makes none that is missing."""

    API_KEY = 3

    def __init__(self, topics: Collection[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[MetadataRequest_v10]) -> MetadataRequest_v10:
        """The request on the wire."""
        topics: list[Any] = [(NO_ID, topic, {}) for topic in sorted(self._topics)]
        return request_struct_class(topics, False, False, False, {})


async def topic_ids(client: Any, topics: Collection[str]) -> dict[str, str]:
    """The ids of those topics that have one, by an aiokafka client; none where the broker is too old to tell.

    Raises
    ------
    TimeoutError
        If no broker answers.
    """
    async with asyncio.timeout(ASK_WITHIN_S):
        while True:
            try:
                # Over the connection that has no fetches: a broker answers one after the other, and a fetch may wait.
                request, group = TopicIdsRequest(topics), ConnectionGroup.COORDINATION
                response = await client.send(client.get_random_node(), request, group=group)
            except (IncompatibleBrokerVersion, NotImplementedError):
                return {}
            except KafkaError:
                await asyncio.sleep(ASK_AGAIN_S)
            else:
                return ids_in(response)


def ids_in(response: MetadataResponse_v10) -> dict[str, str]:
    """Of each topic that has one its id, in hexadecimal digits."""
    topics: Any = response.get_item("topics")
    return {topic: topic_id.hex for _, topic, topic_id, *_ in topics if topic and topic_id != NO_ID}
