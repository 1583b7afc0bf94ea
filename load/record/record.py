"""A topic into a recording, in two passes: which labels there are, then the samples, so that memory stays bounded."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from load.record.telemetry import reader_for
from load.record.topic import TopicReader, reading
from load.recordings.table import SampleTable, concatenate
from load.recordings.write import write_recording

ROWS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class RecordJob:
    """What to record. `from_ms` and `until_ms` are event times; `wait_s`: go on with what comes for so long."""

    client: dict[str, Any]
    topic: str
    codec: str
    out: Path
    from_ms: int | None = None
    until_ms: int | None = None
    wait_s: float = 0.0


@dataclass(slots=True)
class Recorded:
    """What was recorded; `skipped`: messages or rows that could not be read, and values that are none."""

    samples: int = 0
    skipped: int = 0
    first_ms: int | None = None
    last_ms: int | None = None


def record_topic(job: RecordJob) -> Recorded:
    """Record a topic as far as it reaches now, or in a while.

    Raises
    ------
    BrokerUnavailableError, NoSuchTopicError, RecordingError
    """
    result = Recorded()
    with asyncio.Runner() as runner:
        labels, begins, ends = runner.run(_survey(job))
        # The file is written as tables come: each step of the loop reads one.
        tables = _stepped(runner, _tables(job, begins, ends, result))
        result.samples = write_recording(job.out, tables, labels)
    return result


async def _survey(job: RecordJob) -> tuple[list[str], Mapping[int, int], Mapping[int, int]]:
    """The labels that occur, and the offsets from which and up to which they do."""
    names: set[str] = set()
    async with reading(job.client, job.topic) as topic:
        begins = await topic.begins()
        await asyncio.sleep(job.wait_s)
        ends = await topic.ends()
        async with aclosing(_kept(job, topic, begins, ends, Recorded())) as tables:
            async for table in tables:
                names.update(name for key in table.series for name, _ in key.labels)
    return sorted(names), begins, ends


async def _tables(
    job: RecordJob, begins: Mapping[int, int], ends: Mapping[int, int], result: Recorded
) -> AsyncGenerator[SampleTable, None]:
    """The samples, as many tables together as make a batch worth writing."""
    waiting: list[SampleTable] = []
    async with reading(job.client, job.topic) as topic, aclosing(_kept(job, topic, begins, ends, result)) as tables:
        async for table in tables:
            waiting.append(table)
            if sum(map(len, waiting)) >= ROWS_AT_ONCE:
                yield concatenate(waiting)
                waiting = []
    if waiting:
        yield concatenate(waiting)


async def _kept(
    job: RecordJob, topic: TopicReader, begins: Mapping[int, int], ends: Mapping[int, int], result: Recorded
) -> AsyncGenerator[SampleTable, None]:
    """Tables of one message each, of the samples that were asked for."""
    reader = reader_for(job.codec)
    async with aclosing(topic.between(begins, ends)) as messages:
        async for message in messages:
            table = _within(job, reader.read(message.partition, message.value))
            result.skipped = reader.skipped
            if len(table):
                first, last = int(table.timestamp_ms.min()), int(table.timestamp_ms.max())
                result.first_ms = first if result.first_ms is None else min(first, result.first_ms)
                result.last_ms = last if result.last_ms is None else max(last, result.last_ms)
                yield table


def _within(job: RecordJob, table: SampleTable) -> SampleTable:
    times = table.timestamp_ms
    wanted = np.ones(len(table), np.bool_)
    if job.from_ms is not None:
        wanted &= times >= job.from_ms
    if job.until_ms is not None:
        wanted &= times < job.until_ms
    return SampleTable(table.series, table.index[wanted], times[wanted], table.value[wanted])


def _stepped(runner: asyncio.Runner, tables: AsyncGenerator[SampleTable, None]) -> Iterator[SampleTable]:
    async def following() -> SampleTable | None:
        return await anext(tables, None)

    while (table := runner.run(following())) is not None:
        yield table
