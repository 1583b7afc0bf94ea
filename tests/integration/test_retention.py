"""A worker does not start on topics that would lose what it needs, and `topics check` says so."""

import asyncio

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from load.brokers.apache import ApacheKafka
from streams.cli.errors import ExitCode
from streams.edge.admin import UnfitTopicsError, check_topics, create_sources, create_topics
from streams.edge.worker import run_worker
from streams.settings.model import Settings
from tests.integration.counting import counting_engine, settings_of


async def create(settings: Settings, topic: str, configs: dict[str, str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=list(settings.broker.bootstrap_servers))
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, settings.topics.partitions, 1, topic_configs=configs)])
    finally:
        await admin.close()


def test_unfit_topics_are_refused_and_told(kafka: ApacheKafka, topic_prefix: str) -> None:
    settings = settings_of(kafka.bootstrap_servers, topic_prefix[-60:].strip("-"), "source")
    samples, state = settings.topics.samples, settings.topics.state

    async def check() -> list[str]:
        await create(settings, samples, {"retention.ms": "600000", "retention.bytes": "1000"})
        await create(settings, state, {"cleanup.policy": "compact,delete"})
        # A broker may not know at once what it has just created.
        while len([one for one in await check_topics(settings) if "Mend it" in one.message]) < 3:
            await asyncio.sleep(0.1)
        with pytest.raises(UnfitTopicsError) as raised:
            await run_worker(settings, engine=counting_engine(settings))
        assert raised.value.exit_code == ExitCode.USAGE
        lines = str(raised.value).splitlines()
        assert [str(problem) for problem in await check_topics(settings)][-len(lines) :] == lines
        return lines

    time, size, policy = asyncio.run(asyncio.wait_for(check(), 60))
    assert time.startswith(
        f"{samples}: keeps records for 10m (retention.ms=600000), but the replay after a crash needs 1h"
    )
    assert size.startswith(f"{samples}: keeps 1000 bytes of each partition")
    assert policy.startswith(f"{state}: has cleanup.policy=compact,delete, which lets the state expire")


def test_topics_as_we_create_them_are_fit(kafka: ApacheKafka, topic_prefix: str) -> None:
    settings = settings_of(kafka.bootstrap_servers, topic_prefix[-60:].strip("-"), f"{topic_prefix}-source")

    async def check() -> None:
        await create_topics(settings)
        await create_sources(settings)
        while await check_topics(settings):
            await asyncio.sleep(0.1)

    asyncio.run(asyncio.wait_for(check(), 20))
