"""Both brokers serve real clients, and leave nothing behind."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from load.brokers.apache import ApacheKafka
from load.brokers.broker import Broker
from load.brokers.embedded import EmbeddedBroker
from load.brokers.local import LocalBroker

VALUES = [b"a", b"", b"\x00\xff", b"d" * 500_000]


@pytest.fixture
def embedded() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as broker:
        yield broker


async def create(address: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await admin.close()
    assert [error[1] for error in answer.topic_errors] == [0]


async def produce(address: str, topic: str, values: list[bytes], idempotent: bool) -> None:
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all", enable_idempotence=idempotent) as producer:
        for value in values:
            await producer.send_and_wait(topic, value, partition=0, headers=[("kind", b"test")])


async def consume(address: str, topic: str, count: int) -> list[bytes]:
    async with AIOKafkaConsumer(bootstrap_servers=address) as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        await consumer.seek_to_beginning()
        records = [await asyncio.wait_for(consumer.getone(), 20) for _ in range(count)]
    assert all(record.headers == (("kind", b"test"),) for record in records)
    return [record.value for record in records]


async def roundtrip(address: str, topic: str, idempotent: bool) -> list[bytes]:
    await create(address, topic)
    await produce(address, topic, VALUES, idempotent)
    return await consume(address, topic, len(VALUES))


def test_the_embedded_broker_keeps_messages(embedded: EmbeddedBroker, topic_prefix: str) -> None:
    assert asyncio.run(roundtrip(embedded.bootstrap_servers, topic_prefix, idempotent=False)) == VALUES


def test_the_broker_of_the_tests_keeps_messages(broker: Broker, topic_prefix: str) -> None:
    assert asyncio.run(roundtrip(broker.bootstrap_servers, topic_prefix, idempotent=False)) == VALUES


def test_apache_kafka_keeps_messages_of_an_idempotent_producer(kafka: ApacheKafka, topic_prefix: str) -> None:
    assert asyncio.run(roundtrip(kafka.bootstrap_servers, topic_prefix, idempotent=True)) == VALUES


def test_apache_kafka_keeps_messages_over_kill_9(kafka: ApacheKafka, topic_prefix: str) -> None:
    address = kafka.bootstrap_servers
    asyncio.run(roundtrip(address, topic_prefix, idempotent=True))
    kafka.kill()
    kafka.start()
    assert kafka.bootstrap_servers == address
    asyncio.run(produce(address, topic_prefix, [b"after"], idempotent=True))
    assert asyncio.run(consume(address, topic_prefix, len(VALUES) + 1)) == [*VALUES, b"after"]


def assert_stop_leaves_nothing(broker: LocalBroker) -> None:
    broker.start()
    pid, directory = broker.pid, broker.directory
    assert directory is not None
    assert Path(f"/proc/{pid}").exists()
    assert directory.exists()
    broker.stop()
    assert not Path(f"/proc/{pid}").exists()
    assert not directory.exists()
    broker.stop()


def test_stop_leaves_nothing_of_the_embedded_broker() -> None:
    assert_stop_leaves_nothing(EmbeddedBroker())


@pytest.mark.kafka
def test_stop_leaves_nothing_of_apache_kafka(kafka: ApacheKafka) -> None:
    assert_stop_leaves_nothing(ApacheKafka())


def test_a_killed_broker_leaves_nothing_after_stop() -> None:
    broker = EmbeddedBroker()
    broker.start()
    directory = broker.directory
    assert directory is not None
    broker.kill()
    assert directory.exists()
    broker.stop()
    assert not directory.exists()
