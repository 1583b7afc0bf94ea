"""Notices a topic that is deleted and made again while it is read.

aiokafka goes by names: it reads on in the new log, from the old offset or from its beginning. So the ids of the topics
are asked for again and again, and a worker that finds another one ends. Begun anew it reads the new log from its
beginning, under its own id; or refuses, where it is the samples topic and there is state.
"""

import asyncio

from aiokafka.errors import KafkaError
from structlog import get_logger

from streams.cli.errors import UserError
from streams.edge.roles import Role
from streams.edge.transport import BatchConsumer
from streams.edge.watchdog import is_ready
from streams.runtime.positions import is_other

log = get_logger(__name__)

TOPIC_CHECK_S = 3.0


class TopicMadeAnewError(UserError):
    """A topic that is read was deleted and made again."""


async def watch_topics(role: Role) -> None:
    """End with an error once a topic has another id than when its partitions were assigned; else until cancelled."""
    has_told = False
    while True:
        await asyncio.sleep(TOPIC_CHECK_S)
        consumer = role.app.consumer
        if not isinstance(consumer, BatchConsumer) or not is_ready(role.app):
            continue
        topics = {place.topic for place in role.cursor.positions()}
        if not has_told and (nameless := sorted(topics - set(consumer.topic_ids))):
            log.warning(
                "the broker gives no topic ids: a topic that is made anew is taken for its old self", of=nameless
            )
            has_told = True
        await _look(consumer)


async def _look(consumer: BatchConsumer) -> None:
    before = consumer.topic_ids
    if not before:
        return
    try:
        now = await consumer.ask_topic_ids(set(before))
    except (KafkaError, TimeoutError):
        return  # whether the broker is gone is for others to say
    if consumer.topic_ids is not before:
        return  # assigned anew meanwhile
    anew = [topic for topic, topic_id in before.items() if is_other(topic_id, now.get(topic, ""))]
    if anew:
        raise TopicMadeAnewError(
            f"{', '.join(sorted(anew))} was deleted and made again while it was read. Start the worker again:"
            " it reads telemetry and events from the new beginning, and refuses another samples topic than its state's"
        )
