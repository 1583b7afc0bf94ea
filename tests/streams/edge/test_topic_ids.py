"""The request for topics' ids, byte by byte as Kafka's protocol has it, and what is made of the answer."""

import asyncio
from io import BytesIO
from uuid import UUID

import pytest
from aiokafka.client import ConnectionGroup
from aiokafka.errors import IncompatibleBrokerVersion, NodeNotReadyError

from streams.edge.topic_ids import MetadataRequest_v10, MetadataResponse_v10, TopicIdsRequest, ids_in, topic_ids

ID = UUID("00112233-4455-6677-8899-aabbccddeeff")
NONE = bytes(16)


def topic(name: bytes, topic_id: bytes, error_code: int = 0) -> bytes:
    # error code, name, id, not internal, one partition: no error, number 3, leader 1, epoch 7, replicas [1], in sync
    # [1], none offline, no tags; no authorized operations, no tags
    partition = b"\0\0" + b"\0\0\0\3" + b"\0\0\0\1" + b"\0\0\0\7" + b"\2\0\0\0\1" + b"\2\0\0\0\1" + b"\1" + b"\0"
    head = error_code.to_bytes(2) + bytes([len(name) + 1]) + name + topic_id + b"\0"
    return head + b"\2" + partition + b"\x80\0\0\0" + b"\0"


# throttled for 0 ms; one broker: 1, "host", port 9092, no rack, no tags; cluster "c"; controller 1
HEAD = bytes(4) + b"\2" + b"\0\0\0\1" + b"\5host" + b"\0\0\x23\x84" + b"\0" + b"\0" + b"\2c" + b"\0\0\0\1"
TAIL = b"\x80\0\0\0" + b"\0"


def answer(*topics: bytes) -> MetadataResponse_v10:
    payload = BytesIO(HEAD + bytes([len(topics) + 1]) + b"".join(topics) + TAIL)
    response: MetadataResponse_v10 = MetadataResponse_v10.decode(payload)
    assert not payload.read()
    return response


def test_the_request_names_topics_and_makes_none() -> None:
    request = TopicIdsRequest({"b", "a"}).prepare({3: (0, 13)})
    assert isinstance(request, MetadataRequest_v10)
    # two topics, each without an id, with a name and without tags; three times no; no tags
    assert request.encode() == b"\3" + NONE + b"\2a" + b"\0" + NONE + b"\2b" + b"\0" + b"\0\0\0" + b"\0"


def test_topics_that_are_missing_or_have_no_id_are_left_out() -> None:
    found = answer(topic(b"a", ID.bytes), topic(b"b", NONE), topic(b"c", NONE, error_code=3))
    assert ids_in(found) == {"a": "00112233445566778899aabbccddeeff"}


class Client:
    """Answers, or fails, in turn."""

    def __init__(self, *answers: MetadataResponse_v10 | Exception) -> None:
        self._answers = list(answers)

    def get_random_node(self) -> int:
        return 1

    async def send(self, _node: int, _request: TopicIdsRequest, *, group: int) -> MetadataResponse_v10:
        assert group == ConnectionGroup.COORDINATION
        given = self._answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given


def test_another_broker_is_asked_when_one_is_away() -> None:
    client = Client(NodeNotReadyError(), answer(topic(b"a", ID.bytes)))
    assert asyncio.run(topic_ids(client, {"a"})) == {"a": ID.hex}


@pytest.mark.parametrize("error", [IncompatibleBrokerVersion("no"), NotImplementedError("no")])
def test_a_broker_that_is_too_old_gives_none(error: Exception) -> None:
    assert asyncio.run(topic_ids(Client(error), {"a"})) == {}


def test_a_broker_that_knows_no_such_version_is_not_asked_in_another() -> None:
    with pytest.raises(NotImplementedError):
        TopicIdsRequest({"a"}).prepare({3: (0, 9)})
