"""Writing a partition's checkpoint to the changelog, in the order that makes dying at any moment harmless."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from structlog import get_logger

from streams.checkpoint import Write
from streams.records import OutputRecord
from streams.runtime.log import Log, Place
from streams.runtime.outbox import Outbox, Sends, acknowledged
from streams.runtime.partition_state import PartitionState

log = get_logger(__name__)

TAKEN = "the partition is another worker's now; no more is written of this state"
OUTDATED = "the group has shared out its partitions again since this state was restored; no more is written of it"
"""The partition may be ours again: then it is restored anew, from what is durable."""
REFUSED = "the group took no commit: it has put this worker out, or is in a rebalance; no more is written of this state"


@dataclass(frozen=True, slots=True)
class Checkpointer:
    """Writes checkpoints of the partitions of an input topic to a state topic."""

    log: Log
    outbox: Outbox
    input_topic: str
    state_topic: str

    async def write(self, state: PartitionState) -> bool:
        """Make a partition's state durable; False if it is already, or is not this worker's to write.

        1. At one instant, check that the partition is still ours, dump the state and note its unacknowledged outputs;
           await these: no output may be lost that a replay from this state would not make again.
        2. Write the changed sections, into buffers that no committed manifest names; await.
        3. Write the manifest; await. From here on a restart begins at this state.
        4. Commit the offset in the group's name. A group that has given the partition to another takes no commit: then
           the state is given up, and nothing that others may read has been touched.
        5. Only now tombstone what the manifest no longer names, and await.

        On any failure nothing is committed, and the state is given up: how much of it is durable is not known.
        """
        async with state.checkpointing:
            try:
                return await self._write_steps(state)
            except BaseException:
                state.lost = True
                raise

    async def _write_steps(self, state: PartitionState) -> bool:
        # 1
        async with state.applying:
            if state.rebuild is not None or not self._is_ours(state):
                return False
            outputs = list(state.sends)
            next_offset, samples = state.pipeline.next_offset, state.pipeline.figures().samples
            plan = state.book.plan(state.pipeline.dump(), next_offset, state.topic_id)
        await acknowledged(outputs)
        if plan is None:
            state.durable_at = asyncio.get_running_loop().time()
            return False
        # 2
        if not await self._write(plan.sections, state):
            return False
        # 3
        if not await self._write([plan.manifest], state):
            return False
        # 4
        if not await self.log.commit({self._place(state): next_offset}):
            self._give_up(state, REFUSED)
            return False
        state.book.confirm(plan)
        state.durable_at = asyncio.get_running_loop().time()
        state.cost_bytes, state.samples_durable = plan.value_bytes, samples
        # 5
        await self._write(plan.tombstones, state)
        return True

    async def write_last(self, states: Sequence[PartitionState], deadline_s: float) -> int:
        """Write checkpoints of partitions that are to be handed over: at a revocation, and when the worker ends.

        1. The caller has stopped taking records.
        2. Write a checkpoint of each partition, one after the other.
        3. At the deadline give up what is not written. The next owner begins at the last durable state and replays;
           what of a checkpoint is still on its way is as a zombie's, and harms nobody.

        Returns the number of checkpoints.
        """
        written = 0
        # 2
        try:
            async with asyncio.timeout(deadline_s) as deadline:
                for state in states:
                    written += await self.write(state)
        except TimeoutError:
            if not deadline.expired():
                raise
            # 3
            self._give_up_rest(states, written, deadline_s)
        return written

    def _give_up_rest(self, states: Sequence[PartitionState], written: int, deadline_s: float) -> None:
        log.warning(
            "not every partition's last checkpoint was written in time; what came since the one before is replayed",
            written=written,
            partitions=len(states),
            seconds=deadline_s,
        )
        for state in states:
            state.lost = True

    async def _write(self, writes: Iterable[Write], state: PartitionState) -> bool:
        """Write records, and wait for them; False if the partition is no longer ours."""
        if not self._is_ours(state):
            return False
        sends: Sends = {}
        records = [OutputRecord(self.state_topic, state.partition, write.key, write.value, ()) for write in writes]
        await self.outbox.send(records, sends)
        await acknowledged(list(sends))
        return True

    def _is_ours(self, state: PartitionState) -> bool:
        """Whether the partition is assigned to us, in the generation its state was restored in, as far as we know."""
        if not self.log.is_assigned(self._place(state)):
            self._give_up(state, TAKEN)
        elif self.log.generation != state.writer.generation:
            self._give_up(state, OUTDATED)
        return not state.lost

    def _give_up(self, state: PartitionState, why: str) -> None:
        if not state.lost:
            log.warning(
                why,
                at=str(self._place(state)),
                restored_in_generation=state.writer.generation,
                generation=self.log.generation,
            )
        state.lost = True

    def _place(self, state: PartitionState) -> Place:
        return Place(self.input_topic, state.partition)
