"""One partition, and workers that never hear that they lost it: each writes checkpoints until a commit is refused.

Nothing is simulated but the changelog and the group's generation, so that ownership moves every few writes and many
zombies are awake at once. After every write the changelog must hold a whole state, and be no older than the commits.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Mapping
from random import Random
from typing import Any

import pytest

from streams.checkpoint import CheckpointBook, Writer, find
from streams.pipeline.figures import PipelineFigures
from streams.records import OutputRecord
from streams.runtime.checkpointing import Checkpointer
from streams.runtime.log import Place
from streams.runtime.outbox import Outbox
from streams.runtime.partition_state import PartitionState
from tests.simulation.loop import SimulatedLoop

FIGHTS = int(os.environ.get("SEEDS", "200"))
OWNERS = 12
SECTIONS = 4


class Dial:
    """A pipeline that is nothing but its offset; some of its sections change seldom."""

    def __init__(self) -> None:
        self.next_offset = 0

    def dump(self) -> dict[str, bytes]:
        return {f"{number}": str(self.next_offset // (1 + 3 * number)).encode() for number in range(SECTIONS)}

    def figures(self) -> PipelineFigures:
        return PipelineFigures(0, 0, None, self.next_offset, Counter(), 0, 0)


class Fight:
    """The changelog and the group."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self.loop, self.random = loop, loop.random
        self.changelog: dict[bytes, bytes] = {}
        self.generation = 0
        self.committed = 0
        self.refused = 0
        self.writes = 0

    async def play(self) -> None:
        writers = []
        for _ in range(OWNERS):
            self.generation += 1
            writers.append(asyncio.create_task(self._write(self.generation)))
            await asyncio.sleep(self.random.uniform(0.0, 4.0))
        await asyncio.sleep(20.0)
        self.generation += 1
        await asyncio.gather(*writers)

    async def _write(self, generation: int) -> None:
        log = FightLog(self, generation)
        found, writer, pipeline = find(self.changelog), Writer(generation, "token"), Dial()
        if found.manifest is not None:
            pipeline.next_offset = found.manifest.next_offset
        untyped: Any = pipeline
        state = PartitionState(0, untyped, writer, CheckpointBook(found, writer), 0.0)
        outbox = Outbox(log, 100, lambda _: None)  # type: ignore[arg-type]  # nobody seeks
        checkpointer = Checkpointer(log, outbox, "samples", "state")  # type: ignore[arg-type]
        while not state.lost:
            pipeline.next_offset += self.random.randrange(1, 3)
            await checkpointer.write(state)
            await asyncio.sleep(self.delay_s())
        self.refused += 1

    def delay_s(self) -> float:
        return self.random.choice([0.01, 0.01, 0.01, 0.1, 3.0])

    def append(self, record: OutputRecord) -> None:
        self.writes += 1
        if record.value is None:
            self.changelog.pop(record.key, None)
        else:
            self.changelog[record.key] = record.value
        self.check()

    def check(self) -> None:
        """Whoever restores now finds a whole state, and all that was committed is in it."""
        found = find(self.changelog)
        assert not found.damage, found.damage
        if found.manifest is not None:
            dial = Dial()
            dial.next_offset = found.manifest.next_offset
            assert found.sections == dial.dump()
        assert self.committed <= (found.manifest.next_offset if found.manifest else 0)


class FightLog:
    """What one writer believes: that the partition is its own."""

    def __init__(self, fight: Fight, generation: int) -> None:
        self.generation = generation
        self._fight = fight
        self._free_at_s = 0.0

    def is_assigned(self, place: Place) -> bool:
        return True

    async def send(self, record: OutputRecord) -> Awaitable[None]:
        loop = self._fight.loop
        durable = loop.create_future()
        self._free_at_s = max(loop.now_s, self._free_at_s) + self._fight.delay_s()
        loop.call_at(self._free_at_s, self._deliver, record, durable)
        return durable

    def _deliver(self, record: OutputRecord, durable: "asyncio.Future[None]") -> None:
        self._fight.append(record)
        durable.set_result(None)

    async def commit(self, offsets: Mapping[Place, int]) -> bool:
        await asyncio.sleep(self._fight.delay_s())
        taken = self.generation == self._fight.generation
        if taken:
            [self._fight.committed] = offsets.values()
            self._fight.check()
        await asyncio.sleep(self._fight.delay_s())
        return taken


def play_fight(seed: int) -> Fight:
    loop = SimulatedLoop(Random(seed))
    errors: list[Any] = []
    loop.set_exception_handler(lambda _, context: errors.append(context.get("exception")))
    fight = Fight(loop)
    try:
        loop.run_until_complete(fight.play())
    finally:
        loop.bury()
        assert not errors, errors  # a check that failed at a write: nothing went on after it
    return fight


@pytest.mark.parametrize("seed", range(FIGHTS))
def test_however_many_zombies_write_a_whole_state_is_there(seed: int) -> None:
    fight = play_fight(seed)
    assert fight.refused == OWNERS
    assert fight.writes > OWNERS
