"""Stocking the broker: the samples topic, and the state changelog of a worker that died after its last checkpoint."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from load.recovery.filling import filled, trained
from load.recovery.fleet import hosts_of, messages
from load.recovery.plan import LAST_STEP, Plan
from load.recovery.sizes import Size, sizes_of
from streams.checkpoint import NOTHING_FOUND, CheckpointBook, Write, Writer
from streams.edge.limits import TransportLimits
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord
from streams.settings.model import Settings

WRITER = Writer(1, "recovery")
SENDS_MAX = 64
"""Records sent and not acknowledged: checkpoints are large."""


@dataclass(slots=True)
class Stock:
    """What was written.

    `sizes` are of the records of the last checkpoint, by kind, in partition 0, which has `sized_series`; `changelog`
    counts all records and bytes, plain, of the state topic. `first_steps` are the samples records up to the last
    checkpoint, by partition and step.
    """

    sizes: dict[str, Size] = field(default_factory=dict)
    sized_series: int = 0
    changelog_records: int = 0
    changelog_bytes: int = 0
    samples_records: int = 0
    first_steps: dict[int, dict[int, list[InputRecord]]] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)


async def stock_up(plan: Plan, settings: Settings) -> tuple[Stock, PartitionPipeline]:
    """Write everything; returns the trained pipeline, too."""
    stock, config = Stock(), PipelineConfig.from_settings(settings)
    client = {"bootstrap_servers": list(settings.broker.bootstrap_servers)}
    async with _producer(client) as producer:
        await _write_samples(plan, settings, stock, producer)
        source = trained(plan, config)
        for partition in range(plan.partitions):
            await _write_state(plan, settings, stock, producer, partition, source)
    await _commit(client, settings, {partition: _next_offset(plan, stock, partition) for partition in stock.ends})
    return stock, source


@asynccontextmanager
async def _producer(client: dict[str, list[str]]) -> AsyncIterator[AIOKafkaProducer]:
    """A producer that sends as the worker's does."""
    limits = TransportLimits()
    producer = AIOKafkaProducer(
        **client,
        acks="all",
        compression_type="zstd",
        linger_ms=limits.linger_ms,
        max_batch_size=limits.send_batch_bytes,
        max_request_size=limits.request_bytes,
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def _write_samples(plan: Plan, settings: Settings, stock: Stock, producer: AIOKafkaProducer) -> None:
    """Every step from the filling to the last, through ingest: blocks and ticks, at the offsets they are counted to."""
    ingest, hosts = Ingest(settings), hosts_of(plan)
    stock.ends = dict.fromkeys(range(plan.partitions), 0)
    stock.first_steps = {partition: {} for partition in stock.ends}
    for step in range(plan.filled_step, LAST_STEP + 1):
        for of_source, names in enumerate(hosts):
            sends = []
            for output in ingest.step(plan.telemetry_topic, of_source, list(messages(names, step))):
                assert output.partition is not None
                assert output.topic == settings.topics.samples, output
                partition, offset = output.partition, stock.ends[output.partition]
                sends.append(
                    await producer.send(output.topic, output.value, output.key, partition, headers=[*output.headers])
                )
                stock.ends[partition] += 1
                if step <= plan.state_step:
                    record = InputRecord(offset, output.value)
                    stock.first_steps[partition].setdefault(step, []).append(record)
            for send in sends:
                await send
    stock.samples_records = sum(stock.ends.values())


async def _write_state(
    plan: Plan,
    settings: Settings,
    stock: Stock,
    producer: AIOKafkaProducer,
    partition: int,
    source: PartitionPipeline,
) -> None:
    """The checkpoints of one partition, as a worker writes them."""
    steps = stock.first_steps[partition]
    book = CheckpointBook(NOTHING_FOUND, WRITER)
    pipeline = filled(source.config, partition, steps[plan.filled_step], source)
    for step in range(plan.filled_step, plan.state_step + 1):
        if step > plan.filled_step:
            pipeline.step(steps[step])
        checkpoint = book.plan(pipeline.dump(), pipeline.next_offset)
        assert checkpoint is not None
        for writes in (checkpoint.sections, [checkpoint.manifest], checkpoint.tombstones):
            await _send(producer, settings.topics.state, partition, writes)
            stock.changelog_records += len(writes)
            stock.changelog_bytes += sum([len(key) + len(value or b"") for key, value in writes])
        book.confirm(checkpoint)
        if partition == 0 and step == plan.state_step:
            stock.sizes = sizes_of([*checkpoint.sections, checkpoint.manifest])
            stock.sized_series = len(pipeline.state.taken())


async def _send(producer: AIOKafkaProducer, topic: str, partition: int, writes: Iterable[Write]) -> None:
    sends = []
    for key, value in writes:
        sends.append(await producer.send(topic, value, key, partition))
        if len(sends) == SENDS_MAX:
            await sends.pop(0)
    for send in sends:
        await send


def _next_offset(plan: Plan, stock: Stock, partition: int) -> int:
    """The offset that the last checkpoint has reached."""
    return stock.first_steps[partition][plan.state_step][-1].offset + 1


async def _commit(client: dict[str, list[str]], settings: Settings, offsets: dict[int, int]) -> None:
    """What the group has committed after its last checkpoint."""
    consumer = AIOKafkaConsumer(**client, group_id=f"{settings.topics.prefix}-forecast", enable_auto_commit=False)
    await consumer.start()
    try:
        places = {TopicPartition(settings.topics.samples, number): offset for number, offset in offsets.items()}
        consumer.assign(list(places))
        await consumer.commit(places)
    finally:
        await consumer.stop()
