"""Restoring a partition's pipeline from what is durable: whole, or by reading its log again where that is damaged."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from structlog import get_logger

from streams.checkpoint import NOTHING_FOUND, CheckpointBook, Damage, Found, StateMismatchError, Writer
from streams.records import InputRecord
from streams.runtime.log import Log, LogBounds, Place
from streams.runtime.partition_state import PartitionState
from streams.runtime.parts import Pipeline
from streams.runtime.rebuilding import Rebuild

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Restorer:
    """Restores the partitions of an input topic from a state topic, and counts in `totals` what was damaged.

    The other attributes are those of `Processing`.
    """

    log: Log
    input_topic: str
    state_topic: str
    make_pipeline: Callable[[int], Pipeline]
    token: Callable[[], str]
    rebuilds_other: bool
    totals: Counter[str]

    def restored(self, partition: int, found: Found) -> PartitionState:
        """A partition with what was found of it on the changelog."""
        at = f"{self.state_topic}[{partition}]"
        for note in found.notes:
            log.warning(note, at=at)
        pipeline, other = self._loaded(partition, found)
        found = found._replace(damage=other or found.damage)
        rebuild = self._quarantine(partition, found) if found.damage else None
        writer = Writer(self.log.generation, self.token())
        now_s = asyncio.get_running_loop().time()
        state = PartitionState(partition, pipeline, writer, CheckpointBook(found, writer), now_s, rebuild)
        state.cost_bytes = sum([len(section) for section in found.sections.values()])
        state.samples_durable = pipeline.figures().samples
        state.topic_id = found.manifest.topic_id if found.manifest is not None else ""
        return state

    def begins_again(self, state: PartitionState, committed: int | None, bounds: LogBounds) -> bool:
        """Whether a partition's log has to be read again from its beginning."""
        if state.rebuild is None and committed and state.pipeline.next_offset == 0:
            # A commit comes after a manifest, so there was one. A worker that lost the partition amid its restore may
            # see its successor's commit here: it then reads the log for nothing, and is fenced as ever.
            lost = Damage("", f"there is no manifest, though the group has committed offset {committed}")
            state.rebuild = self._quarantine(state.partition, NOTHING_FOUND._replace(damage=(lost,)))
        if state.rebuild is None:
            return False
        state.rebuild.begin(committed, bounds)
        if not state.rebuild.is_done(bounds.first):
            return True
        self._finish(state, state.rebuild)
        return False

    def read_again(
        self, state: PartitionState, rebuild: Rebuild, records: Sequence[InputRecord]
    ) -> Sequence[InputRecord]:
        """Apply what was applied before the damage, and publish nothing of it; returns the records after that."""
        again, rest = rebuild.again(records)
        state.pipeline.step(again)
        self.totals.update(rebuilt_records=len(again))
        if rebuild.is_done(records[-1].offset + 1):
            self._finish(state, rebuild)
        return rest

    def _loaded(self, partition: int, found: Found) -> tuple[Pipeline, tuple[Damage, ...]]:
        """A pipeline with the state that was found, if it is whole; else a new one, and why where it is another's."""
        pipeline = self.make_pipeline(partition)
        if found.damage or found.manifest is None:
            return pipeline, ()
        try:
            pipeline.load(found.sections)
        except StateMismatchError as error:
            if not self.rebuilds_other:
                raise
            # All of it goes the way of a head that is damaged: nothing else can be read without.
            return self.make_pipeline(partition), (Damage("", str(error)),)
        assert pipeline.next_offset == found.manifest.next_offset
        return pipeline, ()

    def _quarantine(self, partition: int, found: Found) -> Rebuild:
        """Say what is damaged of a state, and count it."""
        for damage in found.damage:
            log.error(f"{self.state_topic}[{partition}]: {damage.problem}")
        self.totals.update(quarantined_sections=len(found.damage))
        return Rebuild(Place(self.input_topic, partition), found, lambda: self.make_pipeline(partition))

    def _finish(self, state: PartitionState, rebuild: Rebuild) -> None:
        state.pipeline, series = rebuild.finish(state.pipeline)
        state.rebuild = None
        self.totals.update(rebuilt_partitions=series is None, quarantined_series=series or 0)
