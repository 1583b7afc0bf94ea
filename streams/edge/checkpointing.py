"""Writing a partition's checkpoint to the changelog, in the order that makes dying at any moment harmless."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import faust
from faust.types import TP

from streams.checkpoint import CheckpointBook, Write
from streams.edge.outbox import Outbox, Sends, acknowledged
from streams.edge.roles import Pipeline
from streams.edge.touchpoints import commit_offsets
from streams.records import OutputRecord
from streams.settings.topics import TopicSettings


@dataclass(slots=True, eq=False)
class PartitionState:
    """A partition's pipeline, what of it is durable, and the outputs that are not acknowledged yet.

    `applying` is held while records are applied and their outputs handed over, so that whoever gets it sees a state
    and all the sends that belong to it. `checkpointing` lets one checkpoint end before the next begins.
    """

    partition: int
    pipeline: Pipeline
    book: CheckpointBook
    sends: Sends = field(default_factory=set)
    applying: asyncio.Lock = field(default_factory=asyncio.Lock)
    checkpointing: asyncio.Lock = field(default_factory=asyncio.Lock)
    durable_at: float = field(default_factory=time.monotonic)


async def write_checkpoint(state: PartitionState, app: faust.App, outbox: Outbox, topics: TopicSettings) -> bool:
    """Make a partition's state durable; False if it is already.

    1. At one instant, dump the state and note its unacknowledged outputs; await these: no output may be lost that a
       replay from this state would not make again.
    2. Write the changed sections, into buffers that no durable manifest names; await.
    3. Write the manifest; await. From here on a restart begins at this state. Tombstone what it no longer names.
    4. Commit the offset in the group's name: it only shows progress, and fences a process that lost the partition.
    """
    async with state.checkpointing:
        # 1
        async with state.applying:
            outputs = list(state.sends)
            next_offset = state.pipeline.next_offset
            plan = state.book.plan(state.pipeline.dump(), next_offset, app.consumer_generation_id)
        await acknowledged(outputs)
        if plan is None:
            state.durable_at = time.monotonic()
            return False
        # 2
        await _write(plan.sections, state.partition, outbox, topics.state)
        # 3
        await _write([plan.manifest], state.partition, outbox, topics.state)
        state.book.confirm(plan)
        state.durable_at = time.monotonic()
        await _write(plan.tombstones, state.partition, outbox, topics.state)
        # 4
        await commit_offsets(app, {TP(topics.samples, state.partition): next_offset})
        return True


async def _write(writes: Iterable[Write], partition: int, outbox: Outbox, topic: str) -> None:
    sends: Sends = set()
    await outbox.send([OutputRecord(topic, partition, write.key, write.value, ()) for write in writes], sends)
    await acknowledged(list(sends))
