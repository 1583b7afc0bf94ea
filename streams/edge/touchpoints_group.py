"""The private parts of Faust and aiokafka that we rely on to know our place in a consumer group; see `touchpoints`."""

# ruff: noqa: SLF001

from collections.abc import Callable, Collection
from typing import Any, cast

import faust
from faust.types import TP

from streams.edge.topic_ids import topic_ids
from streams.edge.touchpoints import TouchPoint
from streams.runtime.log import Committed

GROUP_TOUCH_POINTS = (
    TouchPoint(
        "faust.transport.drivers.aiokafka:AIOKafkaConsumerThread._create_worker_consumer",
        "faust/transport/drivers/aiokafka.py:568",
        "passes consumer_group_instance_id on as group_instance_id",
        "c2701bfc3e6f6cad",
    ),
    TouchPoint(
        "faust.transport.drivers.aiokafka:AIOKafkaConsumerThread.on_start",
        "faust/transport/drivers/aiokafka.py:545",
        "overridden: afterwards _consumer is started, in the thread's loop, and has joined no group",
        "38b4e8bd1e10723a",
    ),
    TouchPoint(
        "aiokafka.consumer.group_coordinator:GroupCoordinator._send_req",
        "aiokafka/consumer/group_coordinator.py:299",
        "wrapped: every request to the coordinator passes it, and every answer has its error codes",
        "fa4b12e914ce9fcf",
    ),
    TouchPoint(
        "aiokafka.consumer.group_coordinator:GroupCoordinator._do_heartbeat",
        "aiokafka/consumer/group_coordinator.py:799",
        "a KafkaError of _send_req is tried again, without joining anew",
        "dc1d6632aaa68e96",
    ),
    TouchPoint(
        "aiokafka.consumer.group_coordinator:CoordinatorGroupRebalance.perform_group_join",
        "aiokafka/consumer/group_coordinator.py:1256",
        "a KafkaError of _send_req ends one attempt to join",
        "ff2c2109b2e9868d",
    ),
    TouchPoint(
        "aiokafka.consumer.group_coordinator:GroupCoordinator._maybe_leave_group",
        "aiokafka/consumer/group_coordinator.py:374",
        "a member with a group_instance_id does not leave the group when it closes",
        "016cd88a16e6c4b5",
    ),
    TouchPoint(
        "aiokafka.consumer.group_coordinator:GroupCoordinator.fetch_committed_offsets",
        "aiokafka/consumer/group_coordinator.py:1159",
        "gives offsets with their metadata, where the consumer's committed() gives offsets alone",
        "6c049c7379165952",
    ),
    TouchPoint(
        "aiokafka.client:AIOKafkaClient.send",
        "aiokafka/client.py:447",
        "sends any request to a broker, in the version that both know",
        "246b277687d7b687",
    ),
    TouchPoint(
        "aiokafka.consumer.group_coordinator:GroupCoordinator._push_error_to_user",
        "aiokafka/consumer/group_coordinator.py:335",
        "keeps an error that stops all coordination in _pending_exception until somebody asks, which Faust never does",
        "743ff515bd7e2e38",
    ),
    TouchPoint(
        "aiokafka.consumer.subscription_state:SubscriptionState.reassignment_in_progress",
        "aiokafka/consumer/subscription_state.py:81",
        "false from the time the group has assigned partitions until it takes them back",
        "6876e75ff981ea26",
    ),
    TouchPoint(
        "aiokafka.cluster:ClusterMetadata.update_metadata",
        "aiokafka/cluster.py:194",
        "a topic that the broker does not have is not among topics(), and one that it lost leaves them",
        "6c2cce8f96dcc199",
    ),
)


def is_assigned(app: faust.App) -> bool:
    """Whether the group has assigned partitions, be it none, and has not begun to take them back."""
    consumer = _aiokafka_consumer(app)
    return consumer is not None and not consumer._subscription.reassignment_in_progress


def absent_topics(app: faust.App) -> set[str]:
    """Of the topics that the app asks its group for, those that the broker did not have when it was asked last."""
    consumer = _aiokafka_consumer(app)
    subscription = consumer and consumer._subscription.subscription
    return set(subscription.topics - consumer._client.cluster.topics()) if subscription else set()


def fetch_positions(app: faust.App) -> dict[TP, int | None]:
    """Of each assigned partition, the next offset to be taken from what aiokafka fetches; None: not known yet."""
    consumer = _aiokafka_consumer(app)
    subscription = consumer and consumer._subscription.subscription
    assignment = subscription and subscription.assignment
    return {TP(*tp): assignment.state_value(tp)._position for tp in assignment.tps} if assignment else {}


def coordination_error(app: faust.App) -> BaseException | None:
    """The error for which aiokafka has given up taking part in the group; it tells it to whoever calls getmany()."""
    consumer = _aiokafka_consumer(app)
    if consumer is None or consumer._coordinator is None:
        return None
    pending: BaseException | None = consumer._coordinator._pending_exception
    return pending


async def committed_offsets(consumer: Any, partitions: Collection[TP]) -> dict[TP, Committed]:
    """What the group has committed of partitions, as far as it has; runs in the consumer's thread."""
    committed = await consumer._coordinator.fetch_committed_offsets(list(partitions))
    return {TP(*tp): Committed(known.offset, known.metadata or "") for tp, known in committed.items()}


async def ids_of_topics(consumer: Any, topics: Collection[str]) -> dict[str, str]:
    """The ids of topics, as far as the broker gives them any; runs in the consumer's thread."""
    return await topic_ids(consumer._client, topics)


def _aiokafka_consumer(app: faust.App) -> Any:
    """The consumer in the consumer's thread; None before it is started."""
    return cast(Any, app.consumer)._thread._consumer


def listen_to_coordinator(consumer: Any, ask: Callable[[], None], answered: Callable[[set[int]], None]) -> None:
    """Have `ask` called before each request to the group's coordinator, and `answered` with the answer's error codes.

    What they raise stands for an error of the request. Runs in the consumer's thread, and so do they.
    """
    send = consumer._coordinator._send_req

    async def watched(request: Any) -> Any:
        ask()
        response = await send(request)
        answered(_error_codes(response))
        return response

    consumer._coordinator._send_req = watched


def _error_codes(response: Any) -> set[int]:
    """Of the answer as a whole; of commits and committed offsets, the last field of every partition."""
    if hasattr(response, "error_code"):
        return {response.error_code}
    return {partition[-1] for _, partitions in response.topics for partition in partitions}
