"""The procedures of a role with state: records of a log in, records out, one pipeline for each of its partitions.

The state of a partition is durable together with the offset it has reached. After every assignment it is restored from
its changelog, and reading begins at the offset it names, whatever the group has committed: so no record is applied
twice and none is left out. The forecast role does so with samples, the correlate role with signals.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from streams.checkpoint import find
from streams.records import InputRecord
from streams.runtime.batches import RecordBatch
from streams.runtime.cadence import Cadence
from streams.runtime.checkpointing import Checkpointer
from streams.runtime.cursor import Cursor
from streams.runtime.figures import PartitionView
from streams.runtime.intake import take_in
from streams.runtime.log import Bounds, Log, Place
from streams.runtime.outbox import Outbox
from streams.runtime.partition_state import PartitionState
from streams.runtime.parts import Pipeline
from streams.runtime.positions import positions_within, refuse_other_log
from streams.runtime.restoring import Restorer


class Processing:
    """The assigned partitions' pipelines.

    Parameters
    ----------
    of
        The log of the input topic, and the group that reads it.
    input_topic, state_topic
        What is read, and where checkpoints go.
    make_pipeline
        Makes a new pipeline for a partition.
    outbox
        Where what follows and checkpoints are sent.
    token
        A word that it never gives twice, not even in another process; it tells writers of checkpoints apart.
    cadence
        How often checkpoints are written.
    rebuilds_other
        Whether state that this release or these settings can't continue is built again from the log, not refused.
    """

    def __init__(
        self,
        of: Log,
        input_topic: str,
        state_topic: str,
        make_pipeline: Callable[[int], Pipeline],
        outbox: Outbox,
        token: Callable[[], str],
        cadence: Cadence,
        rebuilds_other: bool = False,
    ) -> None:
        self.cursor = Cursor()
        self.totals: Counter[str] = Counter()
        """What was done since the start, and what was damaged: `quarantined_sections` and `_series`,
        `rebuilt_partitions` and `_records`."""
        self.partitions: dict[int, PartitionState] = {}
        self._log = of
        self._state_topic = state_topic
        self._outbox = outbox
        self._cadence = cadence
        self._restorer = Restorer(of, input_topic, state_topic, make_pipeline, token, rebuilds_other, self.totals)
        self._checkpointer = Checkpointer(of, outbox, input_topic, state_topic)

    async def apply(self, batch: RecordBatch) -> None:
        """Apply what is new of a batch, and publish what follows from it."""
        state = self.partitions.get(batch.place.partition)
        if state is None or state.lost:
            return  # of an assignment that is over
        async with state.applying:
            records: Sequence[InputRecord] = await take_in(batch, self.cursor, self._log)
            if records and state.rebuild is not None:
                records = self._restorer.read_again(state, state.rebuild, records)
            if records:
                outputs = state.pipeline.step(records)
                # Our topics have the same partitions: what is said of an entity stays on the entity's.
                await self._outbox.send(outputs, state.sends, state.partition)
                self.totals.update(records=len(records))
                self.totals.update([output.topic.rpartition(".")[2] for output in outputs])

    def restore(self, partitions: Iterable[int], changelog: Callable[[int], Mapping[bytes, bytes]]) -> None:
        """Build the pipelines of the assigned partitions from their changelogs: after every assignment, all of them."""
        self.partitions = {
            partition: self._restorer.restored(partition, find(changelog(partition))) for partition in partitions
        }
        # Evenly spread over the interval, from the first checkpoints on.
        for place, state in enumerate(self.partitions.values(), start=1):
            state.due_at = state.durable_at + self._cadence.interval_s * place / len(self.partitions)

    def starting_offsets(self, committed: Mapping[Place, int | None], bounds: Bounds) -> dict[Place, int]:
        """Where the restored states say; the group's own offsets only show progress to others.

        Raises
        ------
        LogTooShortError
            If a log ends before the offset of its state.
        OtherLogError
            If the samples topic was made anew since.
        """
        states = {place: self.partitions[place.partition] for place in committed if place.partition in self.partitions}
        for place, state in states.items():
            refuse_other_log(place, state.topic_id, bounds[place].topic_id, self._state_topic)
            state.topic_id = bounds[place].topic_id or state.topic_id
        rebuilt = [
            place
            for place, state in states.items()
            if self._restorer.begins_again(state, committed[place], bounds[place])
        ]
        starts = {place: state.pipeline.next_offset for place, state in states.items() if place not in rebuilt}
        starts = positions_within(starts, bounds, f"the state on {self._state_topic}")
        starts |= {place: bounds[place].first for place in rebuilt}
        self.cursor.start(starts)
        return starts

    async def run(self) -> None:
        """Checkpoint what is due, one after the other, so that one state at most is held twice; until cancelled."""
        while True:
            await asyncio.sleep(self._cadence.look_s)
            for state in list(self.partitions.values()):
                if not state.lost and self._is_due(state):
                    await self.checkpoint(state)

    def _is_due(self, state: PartitionState) -> bool:
        now_s = asyncio.get_running_loop().time()
        samples = state.pipeline.figures().samples - state.samples_durable
        return now_s >= state.due_at or self._cadence.is_paid(samples, state.cost_bytes, now_s - state.durable_at)

    async def checkpoint(self, state: PartitionState) -> None:
        """Make a partition's state durable."""
        before = state.durable_at
        if await self._checkpointer.write(state):
            self.totals.update(checkpoints=1)
        if state.durable_at != before:
            state.due_at = state.durable_at + self._cadence.interval_s

    async def finish(self, deadline_s: float) -> None:
        """Take no more records, and make durable what was done, as far as `deadline_s` allows.

        On revocation, and when the worker ends.
        """
        self.cursor.start({})
        states = list(self.partitions.values())
        self.totals.update(checkpoints=await self._checkpointer.write_last(states, deadline_s))
        self.partitions.clear()

    def oldest_checkpoint_s(self, now_s: float) -> float:
        """The age of the oldest checkpoint among the partitions."""
        return max([now_s - state.durable_at for state in self.partitions.values()], default=0.0)

    def views(self, now_s: float) -> list[PartitionView]:
        """The partitions that it holds, as they are now."""
        return [
            PartitionView(
                state.partition, state.pipeline.figures(), now_s - state.durable_at, state.rebuild is not None
            )
            for state in self.partitions.values()
        ]
