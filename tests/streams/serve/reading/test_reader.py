"""The reader on a broker: the board is what the topics say, whatever happens to broker, process and topics."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from load.brokers.apache import ApacheKafka
from load.brokers.broker import Broker
from streams.edge.admin import create_topics
from streams.schema import RecordKind
from streams.serve.board.board import Board
from streams.serve.board.gist import ListName
from streams.serve.board.incoming import Incoming
from streams.serve.context import ServeContext
from streams.serve.reading import reader
from streams.serve.reading.reader import Reader
from streams.serve.reading.seek import SampleSeeker
from streams.serve.server import context_of
from streams.settings.model import Settings
from tests.integration.topic_io import delete_topics, make_anew
from tests.streams.serve import made

WITHIN_S = 60.0
DISK = 'disk_used_bytes{host="a",namespace="shop"}'
ENTITY = '{host="a",namespace="shop"}'


def _settings(broker: Broker, prefix: str) -> Settings:
    topics = {"prefix": prefix, "partitions": 1}
    servers = {"bootstrap_servers": broker.bootstrap_servers, "request_timeout": "10s"}
    return made.settings(topics=topics, broker=servers, serve={"now": "event"})


async def _send(settings: Settings, records: Iterable[Incoming]) -> None:
    """The records of `made`, on the topics of these settings."""
    producer = AIOKafkaProducer(bootstrap_servers=list(settings.broker.bootstrap_servers), linger_ms=5)
    await producer.start()
    try:
        for record in records:
            topic = record.topic.replace(made.settings().topics.prefix, settings.topics.prefix, 1)
            await producer.send(topic, record.value, record.key, partition=0)
    finally:
        await producer.stop()


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[ServeContext]:
    context = context_of(settings)
    task = asyncio.ensure_future(Reader(context).run())
    try:
        yield context
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _until(condition: Any) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not condition():
            await asyncio.sleep(0.05)


def _said(board: Board) -> dict[bytes, bytes]:
    kept = [shelf.at(slot) for shelf in board.shelves.values() for slot in shelf.order()[1].tolist()]
    return {one.key: one.value for one in kept}


def _tail(board: Board) -> list[tuple[int, float]]:
    number = board.directory.number(DISK)
    assert number is not None
    tail = board.history.tail(number)
    return list(zip(tail.t_ms.tolist(), tail.v.tolist(), strict=True))


def test_the_board_is_what_the_topics_say_and_is_so_again_after_a_restart(broker: Broker, topic_prefix: str) -> None:
    settings, records = _settings(broker, topic_prefix), made.records()

    async def run() -> None:
        await create_topics(settings)
        await _send(settings, records[:400])
        async with _reading(settings) as context:
            assert not context.standing.caught_up
            await _until(lambda: context.standing.ready)
            await _send(settings, records[400:])
            await _until(lambda: _said(context.board) == _said(made.board()))
            await _until(lambda: context.board.event_time_ms == made.END_MS)
            await _until(lambda: set(context.standing.lag_records.values()) == {0})
        async with _reading(settings) as again:
            await _until(lambda: again.standing.ready)
            assert _said(again.board) == _said(context.board)
            assert _tail(again.board)[-80:] == _tail(made.board())[-80:] == _tail(context.board)[-80:]
            assert not again.board.unreadable
        older = SampleSeeker(settings)
        before_ms, since_ms = made.BEGIN_MS + 9 * made.STEP_MS, made.BEGIN_MS + 2 * made.STEP_MS
        samples = await older(DISK, ENTITY, since_ms, before_ms)
        assert samples.t_ms.tolist() == list(range(since_ms, before_ms, made.STEP_MS))

    asyncio.run(run())


def test_topics_that_are_not_there_are_waited_for(broker: Broker, topic_prefix: str) -> None:
    settings = _settings(broker, topic_prefix)

    async def run() -> None:
        async with _reading(settings) as context:
            await _until(lambda: "foreshock topics create" in (context.standing.waits_for or ""))
            assert f"{topic_prefix}.capacity" in (context.standing.waits_for or "")
            await create_topics(settings)
            await _until(lambda: context.standing.ready)

    asyncio.run(run())


def test_a_broker_that_is_lost_is_told_of_and_read_on_from(
    kafka: ApacheKafka, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "ANSWER_WITHIN_S", 2.0)
    settings, records = _settings(kafka, topic_prefix), made.records()

    async def run() -> None:
        await create_topics(settings)
        await _send(settings, records[:300])
        async with _reading(settings) as context:
            await _until(lambda: context.standing.ready)
            version = context.board.version
            kafka.kill()
            await _until(lambda: "the broker, which" in (context.standing.waits_for or ""))
            assert context.standing.caught_up
            assert context.board.version == version
            await asyncio.to_thread(kafka.start)
            await _until(lambda: context.standing.ready)
            await _send(settings, records[300:])
            await _until(lambda: _said(context.board) == _said(made.board()))

    asyncio.run(run())


def test_a_topic_that_is_made_anew_begins_the_board_anew(kafka: ApacheKafka, topic_prefix: str) -> None:
    settings, records = _settings(kafka, topic_prefix), made.records()

    async def run() -> None:
        await create_topics(settings)
        await _send(settings, records)
        async with _reading(settings) as context:
            await _until(lambda: context.standing.ready)
            assert len(context.board.shelves[ListName.CAPACITY])
            await make_anew(kafka.bootstrap_servers, settings.topics.capacity, 1)
            await _until(lambda: context.standing.ready and not len(context.board.shelves[ListName.CAPACITY]))
            forecast = context.board.latest(RecordKind.FORECAST, DISK)
            assert forecast == orjson.loads(_said(made.board())[f"forecast|{DISK}".encode()])

    asyncio.run(run())


def test_topics_that_are_gone_are_no_silent_broker(
    kafka: ApacheKafka, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "ANSWER_WITHIN_S", 2.0)
    settings = _settings(kafka, topic_prefix)

    async def run() -> None:
        await create_topics(settings)
        async with _reading(settings) as context:
            await _until(lambda: context.standing.ready)
            await delete_topics(kafka.bootstrap_servers, topic_prefix)
            await _until(lambda: not context.standing.ready)
            assert "the broker" not in (context.standing.waits_for or "")
            await _until(lambda: f"{topic_prefix}.capacity" in (context.standing.waits_for or ""))
            assert "foreshock topics create" in (context.standing.waits_for or "")
            await create_topics(settings)
            await _until(lambda: context.standing.ready)

    asyncio.run(run())
