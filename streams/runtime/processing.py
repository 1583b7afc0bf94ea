"""The procedures of a role with state: records of a log in, records out, one pipeline for each of its partitions.

The state of a partition is durable together with the offset it has reached. After every assignment it is restored from
its changelog, and reading begins at the offset it names, whatever the group has committed: so no record is applied
twice and none is left out. The forecast role does so with samples, the correlate role with signals.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from structlog import get_logger

from streams.checkpoint import NOTHING_FOUND, CheckpointBook, Damage, Found, StateMismatchError, Writer, find
from streams.records import InputRecord
from streams.runtime.batches import RecordBatch
from streams.runtime.cadence import Cadence
from streams.runtime.checkpointing import Checkpointer, PartitionState
from streams.runtime.cursor import Cursor
from streams.runtime.figures import PartitionView
from streams.runtime.intake import take_in
from streams.runtime.log import Bounds, Log, Place
from streams.runtime.outbox import Outbox
from streams.runtime.parts import Pipeline
from streams.runtime.positions import positions_within, refuse_other_log
from streams.runtime.rebuilding import Rebuild

log = get_logger(__name__)


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
        self._input_topic = input_topic
        self._state_topic = state_topic
        self._make_pipeline = make_pipeline
        self._outbox = outbox
        self._token = token
        self._cadence = cadence
        self._rebuilds_other = rebuilds_other
        self._checkpointer = Checkpointer(of, outbox, input_topic, state_topic)

    async def apply(self, batch: RecordBatch) -> None:
        """Apply what is new of a batch, and publish what follows from it."""
        state = self.partitions.get(batch.place.partition)
        if state is None or state.lost:
            return  # of an assignment that is over
        async with state.applying:
            records: Sequence[InputRecord] = await take_in(batch, self.cursor, self._log)
            if records and state.rebuild is not None:
                records = self._read_again(state, state.rebuild, records)
            if records:
                outputs = state.pipeline.step(records)
                # Our topics have the same partitions: what is said of an entity stays on the entity's.
                await self._outbox.send(outputs, state.sends, state.partition)
                self.totals.update(records=len(records))
                self.totals.update([output.topic.rpartition(".")[2] for output in outputs])

    def restore(self, partitions: Iterable[int], changelog: Callable[[int], Mapping[bytes, bytes]]) -> None:
        """Build the pipelines of the assigned partitions from their changelogs: after every assignment, all of them."""
        self.partitions = {partition: self._restored(partition, find(changelog(partition))) for partition in partitions}
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
        for place in committed:
            self._know_log(place, bounds[place].topic_id)
        rebuilt = [place for place in committed if self._begin_rebuild(place, committed[place], bounds)]
        starts = {
            place: self.partitions[place.partition].pipeline.next_offset
            for place in committed
            if place.partition in self.partitions and place not in rebuilt
        }
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

    def _restored(self, partition: int, found: Found) -> PartitionState:
        at = f"{self._state_topic}[{partition}]"
        for note in found.notes:
            log.warning(note, at=at)
        pipeline, other = self._loaded(partition, found)
        found = found._replace(damage=other or found.damage)
        rebuild = self._quarantine(partition, found) if found.damage else None
        writer = Writer(self._log.generation, self._token())
        now_s = asyncio.get_running_loop().time()
        state = PartitionState(partition, pipeline, writer, CheckpointBook(found, writer), now_s, rebuild)
        state.cost_bytes = sum([len(section) for section in found.sections.values()])
        state.samples_durable = pipeline.figures().samples
        state.topic_id = found.manifest.topic_id if found.manifest is not None else ""
        return state

    def _loaded(self, partition: int, found: Found) -> tuple[Pipeline, tuple[Damage, ...]]:
        """A pipeline with the state that was found, if it is whole; else a new one, and why where it is another's."""
        pipeline = self._make_pipeline(partition)
        if found.damage or found.manifest is None:
            return pipeline, ()
        try:
            pipeline.load(found.sections)
        except StateMismatchError as error:
            if not self._rebuilds_other:
                raise
            # All of it goes the way of a head that is damaged: nothing else can be read without.
            return self._make_pipeline(partition), (Damage("", str(error)),)
        assert pipeline.next_offset == found.manifest.next_offset
        return pipeline, ()

    def _know_log(self, place: Place, topic_id: str) -> None:
        """Note which log a state is of; refuse one that it is not of."""
        state = self.partitions.get(place.partition)
        if state is not None:
            refuse_other_log(place, state.topic_id, topic_id, self._state_topic)
            state.topic_id = topic_id or state.topic_id

    def _begin_rebuild(self, place: Place, committed: int | None, bounds: Bounds) -> bool:
        """Whether a partition's log has to be read again from its beginning."""
        state = self.partitions.get(place.partition)
        if state is None:
            return False
        if state.rebuild is None and committed and state.pipeline.next_offset == 0:
            # A commit comes after a manifest, so there was one. A worker that lost the partition amid its restore may
            # see its successor's commit here: it then reads the log for nothing, and is fenced as ever.
            lost = Damage("", f"there is no manifest, though the group has committed offset {committed}")
            state.rebuild = self._quarantine(place.partition, NOTHING_FOUND._replace(damage=(lost,)))
        if state.rebuild is None:
            return False
        state.rebuild.begin(committed, bounds[place])
        if not state.rebuild.is_done(bounds[place].first):
            return True
        self._rebuilt(state, state.rebuild)
        return False

    def _quarantine(self, partition: int, found: Found) -> Rebuild:
        """Say what is damaged of a state, and count it."""
        for damage in found.damage:
            log.error(f"{self._state_topic}[{partition}]: {damage.problem}")
        self.totals.update(quarantined_sections=len(found.damage))
        place = Place(self._input_topic, partition)
        return Rebuild(place, found, lambda: self._make_pipeline(partition))

    def _read_again(
        self, state: PartitionState, rebuild: Rebuild, records: Sequence[InputRecord]
    ) -> Sequence[InputRecord]:
        """Apply what was applied before the damage, and publish nothing of it; returns the records after that."""
        again, rest = rebuild.again(records)
        state.pipeline.step(again)
        self.totals.update(rebuilt_records=len(again))
        if rebuild.is_done(records[-1].offset + 1):
            self._rebuilt(state, rebuild)
        return rest

    def _rebuilt(self, state: PartitionState, rebuild: Rebuild) -> None:
        state.pipeline, series = rebuild.finish(state.pipeline)
        state.rebuild = None
        self.totals.update(rebuilt_partitions=series is None, quarantined_series=series or 0)
