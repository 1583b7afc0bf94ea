"""The demo's topics: made before anything runs, and removed again from a broker that is not ours."""

from aiokafka.admin import AIOKafkaAdminClient

from load.demo.scenario import PARTITIONS
from load.replay.target import ensure_topic
from streams.edge.admin import create_topics
from streams.settings.client import client_options
from streams.settings.model import Settings
from streams.topics import topic_plan


async def create(settings: Settings) -> None:
    """Create the source topic and foreshock's own."""
    await create_topics(settings)
    for source in settings.sources:
        await ensure_topic(client_options(settings), source.topic, PARTITIONS)


async def remove(settings: Settings) -> None:
    """Delete them."""
    admin = AIOKafkaAdminClient(**client_options(settings))
    try:
        await admin.start()
        names = [spec.name for spec in topic_plan(settings)] + [source.topic for source in settings.sources]
        await admin.delete_topics(names)
    finally:
        await admin.close()
