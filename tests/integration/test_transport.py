"""Workers in this process, on a real broker: batches, restarts, rebalances, failures."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from load.brokers.broker import Broker
from streams.checkpoint import restore
from streams.cli.errors import BrokerUnavailableError, UserError
from streams.edge.app import build_app
from streams.edge.kafka_log import KafkaLog
from streams.edge.limits import TransportLimits
from streams.edge.made_anew import TOPIC_CHECK_S, TopicMadeAnewError
from streams.edge.roles import RoleName
from streams.edge.transport import BatchSchema
from streams.edge.worker import WorkerFailedError, run_worker
from streams.frames import CorruptCheckpointError
from streams.records import InputRecord, OutputRecord
from streams.runtime import ingesting
from streams.runtime.batches import RecordBatch
from streams.runtime.cursor import Cursor
from streams.runtime.intake import take_in
from streams.runtime.log import Bounds, Log, Place
from streams.runtime.positions import LogTooShortError
from streams.settings.model import Settings
from tests.integration.counting import (
    PARTITIONS,
    SMALL_BATCHES,
    CountingIngest,
    CountingPipeline,
    counting_engine,
    settings_of,
)
from tests.integration.topic_io import create_topic, ends, fill, latest_by_key, make_anew

WITHIN_S = 60.0


class Watched:
    """An engine whose parts can be looked into."""

    def __init__(self, settings: Settings, pipeline: type[CountingPipeline] = CountingPipeline) -> None:
        self.ingests: list[CountingIngest] = []
        self.pipelines: list[CountingPipeline] = []
        self._settings = settings
        self._pipeline = pipeline
        self.engine = counting_engine(settings)._replace(ingest=self._make_ingest, pipeline=self._make_pipeline)

    def _make_ingest(self) -> CountingIngest:
        self.ingests.append(CountingIngest(self._settings.topics.samples))
        return self.ingests[-1]

    def _make_pipeline(self, _partition: int) -> CountingPipeline:
        self.pipelines.append(self._pipeline(self._settings.topics.forecasts))
        return self.pipelines[-1]

    @property
    def counts(self) -> list[int]:
        return sorted([pipeline.count for pipeline in self.pipelines[-PARTITIONS:]])


@pytest.fixture
def settings(broker: Broker, topic_prefix: str) -> Settings:
    settings = settings_of(broker.bootstrap_servers, topic_prefix, f"{topic_prefix}-source")
    asyncio.run(create_topic(broker.bootstrap_servers, settings.sources[0].topic, PARTITIONS))
    return settings


async def fill_source(settings: Settings, messages: int) -> None:
    await fill(settings.broker.bootstrap_servers[0], settings.sources[0].topic, PARTITIONS, [b"message"] * messages)


@asynccontextmanager
async def working(
    settings: Settings, watched: Watched, roles: Sequence[RoleName] = tuple(RoleName)
) -> AsyncIterator[None]:
    """A worker, ended cleanly; its failure is the test's."""
    stop = asyncio.Event()
    worker = asyncio.create_task(run_worker(settings, roles, stop, engine=watched.engine, limits=SMALL_BATCHES))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(worker, 30)


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


def run_within(work: Awaitable[None]) -> None:
    asyncio.run(asyncio.wait_for(work, 4 * WITHIN_S))


def test_a_clean_restart_reads_nothing_again(settings: Settings) -> None:
    async def check() -> None:
        await fill_source(settings, 4_000)
        first = Watched(settings)
        async with working(settings, first):
            await until(lambda: first.counts == [500] * PARTITIONS)
        await fill_source(settings, 800)
        second = Watched(settings)
        async with working(settings, second):
            await until(lambda: second.counts == [600] * PARTITIONS)
        assert second.ingests[0].samples == 800
        assert all(pipeline.holes == 0 for pipeline in second.pipelines)

    run_within(check())


def test_the_state_says_where_to_begin_whatever_the_group_has_committed(settings: Settings) -> None:
    async def check() -> None:
        await fill_source(settings, 800)
        first, second = Watched(settings), Watched(settings)
        async with working(settings, first):
            await until(lambda: first.counts == [100] * PARTITIONS)
        await fill_source(settings, 800)
        async with working(settings, Watched(settings), [RoleName.INGEST]):
            await commit_everything(settings)
        async with working(settings, second, [RoleName.FORECAST]):
            await until(lambda: second.counts == [200] * PARTITIONS)
        assert all(pipeline.holes == 0 for pipeline in second.pipelines)

    run_within(check())


async def commit_everything(settings: Settings) -> None:
    """Commit the ends of the samples topic in the forecast group's name, as no worker would."""
    [bootstrap_servers], samples = settings.broker.bootstrap_servers, settings.topics.samples
    places = [TopicPartition(samples, partition) for partition in range(PARTITIONS)]
    group = f"{settings.topics.prefix}-forecast"
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, group_id=group, enable_auto_commit=False)
    async with consumer:
        consumer.assign(places)
        before = await consumer.end_offsets(places)
        while any(end == before[place] for place, end in (await consumer.end_offsets(places)).items()):
            await asyncio.sleep(0.05)
        await consumer.commit(await consumer.end_offsets(places))


def test_a_source_topic_that_is_made_anew_is_read_from_its_beginning(settings: Settings) -> None:
    """The client may see that it is missing, and read on in the new log; else the worker ends over it."""
    [bootstrap_servers], source = settings.broker.bootstrap_servers, settings.sources[0].topic

    async def check() -> None:
        first, second = Watched(settings), Watched(settings)
        await fill_source(settings, 800)
        with suppress(TopicMadeAnewError):
            async with working(settings, first, [RoleName.INGEST]):
                await until(lambda: first.ingests and first.ingests[0].samples == 800)
                await asyncio.sleep(2 * ingesting.COMMIT_INTERVAL_S)
                await make_anew(bootstrap_servers, source, PARTITIONS)
                await asyncio.sleep(2 * TOPIC_CHECK_S)
        await fill_source(settings, 400)
        async with working(settings, second, [RoleName.INGEST]):
            await until(lambda: second.ingests and second.ingests[0].samples == 400)
        assert len(first.ingests[0].topic_ids | second.ingests[0].topic_ids) == 2

    run_within(check())


def test_roles_in_processes_of_their_own(settings: Settings) -> None:
    async def check() -> None:
        await fill_source(settings, 800)
        ingest, forecast = Watched(settings), Watched(settings)
        async with working(settings, ingest, [RoleName.INGEST]), working(settings, forecast, [RoleName.FORECAST]):
            await until(lambda: forecast.counts == [100] * PARTITIONS)
        assert (ingest.pipelines, forecast.ingests) == ([], [])

    run_within(check())


def test_batches_lost_on_the_way_are_read_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faust empties its queues around a rebalance: here the first batches of every log."""
    lost: list[RecordBatch] = []

    async def lose_some(batch: RecordBatch, cursor: Cursor, of: Log) -> list[InputRecord]:
        if sum([one.place == batch.place for one in lost]) < 2:
            lost.append(batch)
            return []
        return await take_in(batch, cursor, of)

    async def check() -> None:
        await fill_source(settings, 8_000)
        watched = Watched(settings)
        monkeypatch.setattr(ingesting, "take_in", lose_some)
        async with working(settings, watched):
            await until(lambda: watched.counts == [1_000] * PARTITIONS)
        assert all(pipeline.holes == 0 for pipeline in watched.pipelines)
        assert len(lost) == 2 * PARTITIONS

    run_within(check())


def test_the_last_batch_of_a_log_lost_on_the_way_is_read_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No later batch shows the gap: only the watchdog can notice."""
    lost: set[Place] = set()

    async def lose_first(batch: RecordBatch, cursor: Cursor, of: Log) -> list[InputRecord]:
        if batch.place not in lost:
            lost.add(batch.place)
            return []
        return await take_in(batch, cursor, of)

    async def check() -> None:
        await fill_source(settings, 800)
        watched = Watched(settings)
        monkeypatch.setattr(ingesting, "take_in", lose_first)
        async with working(settings, watched):
            await until(lambda: watched.counts == [100] * PARTITIONS)
        assert len(lost) == PARTITIONS

    run_within(check())


def test_partitions_that_move_between_workers_are_counted_once(settings: Settings) -> None:
    async def check() -> None:
        stay, come = Watched(settings), Watched(settings)
        async with working(settings, stay):
            await fill_source(settings, 8_000)
            await until(lambda: sum(stay.counts) > 0)
            async with working(settings, come):
                await until(lambda: come.pipelines)
                await fill_source(settings, 8_000)
                await until(lambda: sum(pipeline.count for pipeline in come.pipelines) > 0)
            await fill_source(settings, 8_000)
            await until(lambda: stay.counts == [3_000] * PARTITIONS)
        assert all(pipeline.holes == 0 for pipeline in stay.pipelines)

    run_within(check())


class FailingPipeline(CountingPipeline):
    """Fails at one offset of its partition."""

    def step(self, records: Sequence[InputRecord]) -> list[OutputRecord]:
        if records[-1].offset >= 1:
            raise ZeroDivisionError("a record it can't do")
        return super().step(records)


def test_an_error_in_a_pipeline_ends_the_worker_and_skips_nothing(settings: Settings) -> None:
    async def check() -> None:
        await fill_source(settings, 4_000)
        failing, mended = Watched(settings, FailingPipeline), Watched(settings)
        with pytest.raises(WorkerFailedError, match="ZeroDivisionError: a record it can't do"):
            await run_worker(settings, engine=failing.engine, limits=SMALL_BATCHES)
        async with working(settings, mended):
            await until(lambda: mended.counts == [500] * PARTITIONS)
        assert all(pipeline.holes == 0 for pipeline in mended.pipelines)

    run_within(check())


def test_a_damaged_state_is_rebuilt_from_the_samples_and_nothing_is_published_again(settings: Settings) -> None:
    async def check() -> None:
        await fill_source(settings, 800)
        watched = Watched(settings)
        async with working(settings, watched):
            await until(lambda: watched.counts == [100] * PARTITIONS)
        await damage(settings)
        published = await ends(settings.broker.bootstrap_servers[0], settings.topics.forecasts, PARTITIONS)
        with pytest.raises(CorruptCheckpointError, match="'counts'"):
            restore(await latest_by_key(settings.broker.bootstrap_servers[0], settings.topics.state, 3))
        mended = Watched(settings)
        async with working(settings, mended):
            await until(lambda: mended.counts == [100] * PARTITIONS)
        assert all(pipeline.holes == 0 for pipeline in mended.pipelines)
        assert await ends(settings.broker.bootstrap_servers[0], settings.topics.forecasts, PARTITIONS) == published
        assert restore(await latest_by_key(settings.broker.bootstrap_servers[0], settings.topics.state, 3)) is not None

    run_within(check())


async def damage(settings: Settings) -> None:
    [bootstrap_servers], state = settings.broker.bootstrap_servers, settings.topics.state
    records = await latest_by_key(bootstrap_servers, state, 3)
    async with AIOKafkaProducer(bootstrap_servers=bootstrap_servers) as producer:
        for key in [key for key in records if key.startswith(b"s/counts/")]:
            await producer.send_and_wait(state, records[key][:-1] + b"!", key=key, partition=3)


def test_a_state_ahead_of_its_log_ends_the_worker(settings: Settings) -> None:
    class AheadPipeline(CountingPipeline):
        def step(self, records: Sequence[InputRecord]) -> list[OutputRecord]:
            outputs = super().step(records)
            self.next_offset += 1_000_000
            return outputs

    async def check() -> None:
        await fill_source(settings, PARTITIONS)
        ahead = Watched(settings, AheadPipeline)
        async with working(settings, ahead):
            await until(lambda: ahead.counts == [1] * PARTITIONS)
        with pytest.raises(LogTooShortError, match=r"ends at offset 1, but the state on .* has reached 1000001"):
            await run_worker(settings, engine=ahead.engine)

    run_within(check())


def test_a_broker_that_is_not_there_is_said_so(settings: Settings) -> None:
    nowhere = settings_of("127.0.0.1:1", "prefix", "source")
    with pytest.raises(BrokerUnavailableError) as raised:
        run_within(run_worker(nowhere, engine=Watched(nowhere).engine))
    assert isinstance(raised.value, UserError)


class EveryLog:
    """Reads every log from its beginning."""

    def __init__(self) -> None:
        self.cursor = Cursor()

    async def starting_offsets(self, committed: Mapping[Place, int | None], bounds: Bounds) -> Mapping[Place, int]:
        starts = dict.fromkeys(committed, 0)
        self.cursor.start(starts)
        return starts


def test_back_pressure_costs_no_seconds(settings: Settings) -> None:
    """An agent that awaits fills the buffer again and again; stock Faust sleeps a second each time."""

    async def check() -> None:
        messages, limits = 8_000, TransportLimits(batch_records=50, batches_buffered=4)
        await fill_source(settings, messages)
        app, role, offsets = build_app(settings, "slow", limits), EveryLog(), set[tuple[int, int]]()
        log = KafkaLog(app)
        app.role = role
        began: list[float] = []

        @app.agent(app.topic(settings.sources[0].topic, schema=BatchSchema(), acks=False), name="slow")
        async def slow(batches: Any) -> None:
            async for batch in batches:
                began.append(time.monotonic())
                assert len(batch.records) <= limits.batch_records
                await asyncio.sleep(0.001)
                offsets.update([(batch.place.partition, one.offset) for one in await take_in(batch, role.cursor, log)])

        serving = asyncio.create_task(app.start())
        await until(lambda: len(offsets) == messages)
        await app.stop()
        await serving
        assert len(began) >= messages // limits.batch_records
        assert began[-1] - began[0] < 3.0

    run_within(check())
