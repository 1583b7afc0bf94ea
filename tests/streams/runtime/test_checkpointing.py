"""The order of a checkpoint's writes, what each waits for, and that a worker which lost its partition writes none."""

import asyncio
from collections.abc import Awaitable, Mapping

import pytest
from structlog.testing import capture_logs

from streams.checkpoint import NOTHING_FOUND, CheckpointBook, Writer, find
from streams.records import OutputRecord
from streams.runtime.checkpointing import OUTDATED, REFUSED, TAKEN, Checkpointer
from streams.runtime.log import Place
from streams.runtime.outbox import Outbox
from streams.runtime.partition_state import PartitionState
from tests.integration.counting import CountingPipeline

SAMPLES = Place("samples", 5)
WRITER = Writer(4, "aa")
SECTIONS = [f"s/{name}/4-aa/0" for name in ("counts", "next_offset", "ballast-0", "ballast-1", "ballast-2")]
MANIFEST = "m/4-aa"


class Journal:
    """Everything sent and committed, in order; acknowledges all but the keys in `withheld`."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.records: dict[bytes, bytes] = {}
        self.withheld: set[str] = set()
        self.futures: dict[str, asyncio.Future[None]] = {}
        self.generation = 4
        self.assigned = True
        self.takes_commits = True

    def is_assigned(self, place: Place) -> bool:
        assert place == SAMPLES
        return self.assigned

    async def send(self, record: OutputRecord) -> Awaitable[None]:
        assert (record.topic, record.partition) == ("state", 5)
        key = record.key.decode()
        self.events.append(key if record.value is not None else f"tombstone {key}")
        self.records[record.key] = record.value or b""
        self.futures[key] = asyncio.get_running_loop().create_future()
        if key not in self.withheld:
            self.futures[key].set_result(None)
        return self.futures[key]

    async def commit(self, offsets: Mapping[Place, int]) -> bool:
        self.events += [f"commit {place} {offset}" for place, offset in offsets.items()]
        return self.takes_commits

    @property
    def checkpointer(self) -> Checkpointer:
        outbox = Outbox(self, 100, lambda _: None)  # type: ignore[arg-type]  # never asked to seek
        return Checkpointer(self, outbox, "samples", "state")  # type: ignore[arg-type]

    async def checkpoint(self, state: PartitionState) -> bool:
        return await self.checkpointer.write(state)


@pytest.fixture
def journal() -> Journal:
    return Journal()


def state_at(next_offset: int, book: CheckpointBook | None = None) -> PartitionState:
    pipeline = CountingPipeline("forecasts")
    pipeline.next_offset = next_offset
    return PartitionState(5, pipeline, WRITER, book or CheckpointBook(NOTHING_FOUND, WRITER), durable_at=0.0)


def test_sections_then_manifest_then_commit(journal: Journal) -> None:
    assert asyncio.run(journal.checkpoint(state_at(9)))
    assert journal.events == [*SECTIONS, MANIFEST, "commit samples[5] 9"]


def test_what_another_writer_left_is_tombstoned_after_the_commit(journal: Journal) -> None:
    before = Journal()
    asyncio.run(before.checkpoint(state_at(8)))
    journal.generation = 5
    writer = Writer(5, "bb")
    state = state_at(9, CheckpointBook(find(before.records), writer))
    state.writer = writer
    assert asyncio.run(journal.checkpoint(state))
    stale = ["m/4-aa", "s/next_offset/4-aa/0"]
    sent = ["s/next_offset/5-bb/0", "m/5-bb", "commit samples[5] 9", *[f"tombstone {key}" for key in stale]]
    assert journal.events == sent


def test_nothing_is_written_before_the_outputs_are_acknowledged(journal: Journal) -> None:
    async def check() -> None:
        state = state_at(9)
        output = asyncio.get_running_loop().create_future()
        state.sends[output] = None
        writing = asyncio.create_task(journal.checkpoint(state))
        await asyncio.sleep(0.01)
        assert journal.events == []
        output.set_result(None)
        await writing
        assert journal.events[-1] == "commit samples[5] 9"

    asyncio.run(check())


@pytest.mark.parametrize(("withheld", "last"), [(SECTIONS[0], SECTIONS[-1]), (MANIFEST, MANIFEST)])
def test_each_group_waits_for_the_one_before(journal: Journal, withheld: str, last: str) -> None:
    async def check() -> None:
        journal.withheld = {withheld}
        writing = asyncio.create_task(journal.checkpoint(state_at(9)))
        await asyncio.sleep(0.01)
        assert journal.events[-1] == last
        journal.futures[withheld].set_result(None)
        assert await writing

    asyncio.run(check())


def test_a_failed_write_commits_nothing_and_forbids_another_checkpoint(journal: Journal) -> None:
    async def check() -> None:
        journal.withheld = {SECTIONS[0]}
        state = state_at(9)
        writing = asyncio.create_task(journal.checkpoint(state))
        await asyncio.sleep(0.01)
        journal.futures[SECTIONS[0]].set_exception(OSError("no"))
        with pytest.raises(OSError, match="no"):
            await writing
        assert journal.events == SECTIONS
        assert not await journal.checkpoint(state)
        assert journal.events == SECTIONS

    asyncio.run(check())


def test_the_state_is_taken_between_batches_never_within_one(journal: Journal) -> None:
    async def check() -> None:
        state = state_at(9)
        async with state.applying:
            writing = asyncio.create_task(journal.checkpoint(state))
            await asyncio.sleep(0.01)
            assert journal.events == []
            assert isinstance(state.pipeline, CountingPipeline)
            state.pipeline.next_offset = 10
        await writing
        assert journal.events[-1] == "commit samples[5] 10"

    asyncio.run(check())


def test_an_unchanged_state_writes_nothing(journal: Journal) -> None:
    async def check() -> None:
        state = state_at(9)
        await journal.checkpoint(state)
        journal.events.clear()
        assert not await journal.checkpoint(state)
        assert journal.events == []

    asyncio.run(check())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"generation": 5}, OUTDATED),  # two rebalances, one soon after the other: it may be ours again
        ({"assigned": False}, TAKEN),
        ({"assigned": False, "generation": 5}, TAKEN),
    ],
)
def test_a_state_whose_assignment_is_over_is_not_written(journal: Journal, change: dict[str, int], said: str) -> None:
    state = state_at(9)
    vars(journal).update(change)
    with capture_logs() as logs:
        assert not asyncio.run(journal.checkpoint(state))
        assert not asyncio.run(journal.checkpoint(state))
    assert (journal.events, state.lost) == ([], True)
    assert [each["event"] for each in logs] == [said]


def test_a_partition_that_is_lost_between_sections_and_manifest_gets_no_manifest(journal: Journal) -> None:
    async def check() -> None:
        journal.withheld = {SECTIONS[0]}
        writing = asyncio.create_task(journal.checkpoint(state_at(9)))
        await asyncio.sleep(0.01)
        journal.generation = 5
        journal.futures[SECTIONS[0]].set_result(None)
        assert not await writing
        assert journal.events == SECTIONS

    asyncio.run(check())


def test_after_a_commit_that_is_refused_nothing_is_tombstoned_and_nothing_written_again(journal: Journal) -> None:
    book = CheckpointBook(find({b"s/old/0": b"?"}), WRITER)
    state = state_at(9, book)
    journal.takes_commits = False
    with capture_logs() as logs:
        assert not asyncio.run(journal.checkpoint(state))
    assert [each["event"] for each in logs] == [REFUSED]
    assert journal.events == [*SECTIONS, MANIFEST, "commit samples[5] 9"]
    assert not asyncio.run(journal.checkpoint(state))
    assert journal.events[-1] == "commit samples[5] 9"


def test_last_checkpoints_are_given_up_at_the_deadline(journal: Journal) -> None:
    journal.withheld = {MANIFEST}
    first, second = state_at(9), state_at(9)
    assert asyncio.run(journal.checkpointer.write_last([first, second], 0.01)) == 0
    assert journal.events[-1] == MANIFEST
    assert first.lost
    assert second.lost


def test_last_checkpoints_that_are_in_time_are_counted(journal: Journal) -> None:
    assert asyncio.run(journal.checkpointer.write_last([state_at(9)], 10.0)) == 1
