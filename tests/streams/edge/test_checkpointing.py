"""The order of a checkpoint's writes, and what each waits for."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

import pytest
from faust.types import TP

from streams.checkpoint import MANIFEST_KEY, CheckpointBook
from streams.edge import checkpointing
from streams.edge import outbox as outbox_module
from streams.edge.checkpointing import PartitionState, write_checkpoint
from streams.edge.outbox import Outbox
from streams.settings.topics import TopicSettings
from tests.integration.counting import CountingPipeline

TOPICS = TopicSettings()


class App:
    consumer_generation_id = 4


class Journal:
    """Everything sent and committed, in order; acknowledges all but the keys in `withheld`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[str] = []
        self.withheld: set[bytes] = set()
        self.futures: dict[bytes, asyncio.Future[None]] = {}
        self.failure: BaseException | None = None
        monkeypatch.setattr(outbox_module, "send_record", self._send)
        monkeypatch.setattr(checkpointing, "commit_offsets", self._commit)

    async def _send(self, app: Any, topic: str, partition: int, key: bytes, *_: Any) -> Awaitable[None]:
        assert (topic, partition) == (TOPICS.state, 5)
        self.events.append(key.decode())
        self.futures[key] = asyncio.get_running_loop().create_future()
        if key not in self.withheld:
            self.futures[key].set_result(None)
        return self.futures[key]

    async def _commit(self, app: Any, offsets: Mapping[TP, int]) -> bool:
        self.events += [f"commit {tp.topic}[{tp.partition}] {offset}" for tp, offset in offsets.items()]
        return True

    async def checkpoint(self, state: PartitionState) -> bool:
        outbox = Outbox(None, 100, lambda _: None)  # type: ignore[arg-type]
        return await write_checkpoint(state, App(), outbox, TOPICS)  # type: ignore[arg-type]


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch) -> Journal:
    return Journal(monkeypatch)


def state_at(next_offset: int) -> PartitionState:
    pipeline = CountingPipeline("forecasts")
    pipeline.next_offset = next_offset
    return PartitionState(5, pipeline, CheckpointBook())


SECTIONS = ["s/counts/0", "s/next_offset/0", "s/ballast-0/0", "s/ballast-1/0", "s/ballast-2/0"]


def test_sections_then_manifest_then_commit(journal: Journal) -> None:
    assert asyncio.run(journal.checkpoint(state_at(9)))
    assert journal.events == [*SECTIONS, "m", "commit foreshock.samples[5] 9"]


def test_nothing_is_written_before_the_outputs_are_acknowledged(journal: Journal) -> None:
    async def check() -> None:
        state = state_at(9)
        output = asyncio.get_running_loop().create_future()
        state.sends.add(output)
        writing = asyncio.create_task(journal.checkpoint(state))
        await asyncio.sleep(0.01)
        assert journal.events == []
        output.set_result(None)
        await writing
        assert journal.events[-1] == "commit foreshock.samples[5] 9"

    asyncio.run(check())


@pytest.mark.parametrize(("withheld", "last"), [(b"s/counts/0", SECTIONS[-1]), (MANIFEST_KEY, "m")])
def test_each_group_waits_for_the_one_before(journal: Journal, withheld: bytes, last: str) -> None:
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
        journal.withheld = {b"s/counts/0"}
        state = state_at(9)
        writing = asyncio.create_task(journal.checkpoint(state))
        await asyncio.sleep(0.01)
        journal.futures[b"s/counts/0"].set_exception(OSError("no"))
        with pytest.raises(OSError, match="no"):
            await writing
        assert journal.events == SECTIONS
        with pytest.raises(RuntimeError, match="not confirmed"):
            await journal.checkpoint(state)

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
        assert journal.events[-1] == "commit foreshock.samples[5] 10"

    asyncio.run(check())


def test_an_unchanged_state_writes_nothing(journal: Journal) -> None:
    async def check() -> None:
        state = state_at(9)
        await journal.checkpoint(state)
        journal.events.clear()
        assert not await journal.checkpoint(state)
        assert journal.events == []

    asyncio.run(check())
