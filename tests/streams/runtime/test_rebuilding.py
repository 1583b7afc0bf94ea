"""A damaged state is rebuilt from the log without a word to others; what can't be is said."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from streams.checkpoint import StateMismatchError
from streams.records import InputRecord, OutputRecord
from streams.runtime.batches import RecordBatch
from streams.runtime.cadence import Cadence
from streams.runtime.log import LogBounds, Place
from streams.runtime.outbox import Outbox
from streams.runtime.positions import LogTooShortError
from streams.runtime.processing import Processing
from tests.simulation.toy import ToyIngest, ToyPipeline

SAMPLES = Place("samples", 0)
CADENCE = Cadence(interval_s=60.0, bytes_per_sample=1)
MESSAGES = [InputRecord(offset, f"s{offset % 7}".encode()) for offset in range(60)]
LOG = [
    InputRecord(offset, record.value)
    for offset, record in enumerate(
        [output for one in MESSAGES for output in ToyIngest().step("t", 0, [one]) if output.partition == 0]
    )
]
STOP = len(LOG) - 5


class Broker:
    """One partition and its changelog; everything is durable at once."""

    generation = 1

    def __init__(self) -> None:
        self.changelog: dict[bytes, bytes] = {}
        self.published: list[bytes | None] = []
        self.committed: int | None = None
        self.lives = 0

    def is_assigned(self, place: Place) -> bool:
        return True

    async def send(self, record: OutputRecord) -> Awaitable[object]:
        if record.topic != "state":
            self.published.append(record.value)
        elif record.value is None:
            self.changelog.pop(record.key, None)
        else:
            self.changelog[record.key] = record.value
        acknowledged = asyncio.get_running_loop().create_future()
        acknowledged.set_result(None)
        return acknowledged

    async def commit(self, offsets: Mapping[Place, int]) -> bool:
        [self.committed] = offsets.values()
        return True

    async def live(
        self, stop: int, first: int = 0, pipeline: type[ToyPipeline] = ToyPipeline, **choices: bool
    ) -> Processing:
        """A worker's life: restore, read up to an offset, checkpoint."""
        self.lives += 1
        untyped: Any = self
        outbox = Outbox(untyped, 100, lambda _: None)
        forecasting = Processing(
            untyped, "samples", "state", lambda _: pipeline(), outbox, lambda: f"life{self.lives}", CADENCE, **choices
        )
        forecasting.restore([0], lambda _: self.changelog)
        starts = forecasting.starting_offsets({SAMPLES: self.committed}, {SAMPLES: LogBounds(first, len(LOG))})
        for offset in range(starts[SAMPLES], stop, 4):
            await forecasting.apply(RecordBatch(SAMPLES, offset, LOG[offset : min(offset + 4, stop)]))
        await forecasting.checkpoint(forecasting.partitions[0])
        return forecasting

    def keys(self, part: str) -> list[bytes]:
        return [key for key in self.changelog if part.encode() in key]

    def damage(self, part: str) -> None:
        for key in self.keys(part):
            self.changelog[key] = self.changelog[key][:-1] + b"?"


def calm(records: list[InputRecord]) -> ToyPipeline:
    pipeline = ToyPipeline()
    pipeline.step(records)
    return pipeline


def ledger_of(forecasting: Processing) -> dict[str, list[str]]:
    pipeline: Any = forecasting.partitions[0].pipeline
    return dict(pipeline.ledger)


@pytest.mark.parametrize(("part", "series", "partitions"), [("/range/", 4, 0), ("/head/", 0, 1), ("m/", 0, 1)])
def test_what_is_damaged_is_rebuilt_and_nothing_is_published_twice(part: str, series: int, partitions: int) -> None:
    async def check() -> None:
        broker = Broker()
        await broker.live(STOP)
        broker.damage(part)
        published = len(broker.published)
        mended = await broker.live(STOP)
        assert len(broker.published) == published
        assert mended.partitions[0].pipeline.dump() == calm(LOG[:STOP]).dump()
        assert not mended.views(0.0)[0].is_rebuilding
        assert mended.totals["quarantined_sections"] >= 1
        assert mended.totals["rebuilt_records"] == STOP
        assert (mended.totals["quarantined_series"], mended.totals["rebuilt_partitions"]) == (series, partitions)
        last = await broker.live(len(LOG))
        assert last.totals["quarantined_sections"] == 0
        assert last.partitions[0].pipeline.dump() == calm(LOG).dump()

    asyncio.run(check())


def test_a_state_that_is_gone_though_there_was_one_is_rebuilt_too() -> None:
    async def check() -> None:
        broker = Broker()
        await broker.live(STOP)
        broker.changelog.clear()
        published = len(broker.published)
        with capture_logs() as logs:
            mended = await broker.live(STOP)
        assert "there is no manifest, though the group has committed" in logs[0]["event"]
        assert len(broker.published) == published
        assert mended.partitions[0].pipeline.dump() == calm(LOG[:STOP]).dump()

    asyncio.run(check())


def test_a_worker_that_dies_amid_a_rebuild_leaves_all_as_it_was() -> None:
    async def check() -> None:
        broker = Broker()
        await broker.live(STOP)
        broker.damage("/head/")
        before = dict(broker.changelog)
        half = await broker.live(STOP // 2)
        assert half.partitions[0].rebuild is not None
        [view] = half.views(now_s=asyncio.get_running_loop().time())
        assert view.is_rebuilding
        assert broker.changelog == before
        mended = await broker.live(STOP)
        assert mended.partitions[0].pipeline.dump() == calm(LOG[:STOP]).dump()

    asyncio.run(check())


@pytest.mark.parametrize("first", [3, STOP, len(LOG)])
def test_what_retention_does_not_reach_is_said_and_the_rest_is_kept(first: int) -> None:
    async def check() -> None:
        broker = Broker()
        whole = ledger_of(await broker.live(STOP))
        broker.damage(broker.keys("/range/")[0].decode())
        with capture_logs() as logs:
            mended = ledger_of(await broker.live(STOP, first))
        said = [each for each in logs if "what was learned before that is lost" in each["event"]]
        assert [each["from_offset"] for each in said] == [first]
        since = calm(LOG[first:STOP]).ledger
        assert mended.keys() <= whole.keys()
        for series, rows in mended.items():
            assert rows in (whole[series], since.get(series))

    asyncio.run(check())


class OtherRelease(ToyPipeline):
    """One that can't continue what others wrote."""

    def load(self, sections: Mapping[str, bytes]) -> None:
        raise StateMismatchError("the state has format 5, this version reads 6")


def test_state_of_another_release_is_refused_and_left_as_it_is() -> None:
    async def check() -> None:
        broker = Broker()
        await broker.live(STOP)
        before = dict(broker.changelog)
        with pytest.raises(StateMismatchError, match="format 5"):
            await broker.live(len(LOG), pipeline=OtherRelease)
        assert broker.changelog == before

    asyncio.run(check())


@pytest.mark.parametrize("first", [0, 3])
def test_state_of_another_release_is_built_again_where_that_is_asked_for(first: int) -> None:
    async def check() -> None:
        broker = Broker()
        await broker.live(STOP)
        before, published = dict(broker.changelog), len(broker.published)
        with capture_logs() as logs:
            other = await broker.live(STOP, first, OtherRelease, rebuilds_other=True)
        assert "format 5, this version reads 6" in logs[0]["event"]
        assert len(broker.published) == published
        assert other.partitions[0].pipeline.dump() == calm(LOG[first:STOP]).dump()
        assert other.totals["rebuilt_partitions"] == 1
        # Nothing of the other's is named any more, so whoever reads this state gets the new one whole.
        assert not before.keys() & broker.changelog.keys()
        again = await broker.live(len(LOG))
        assert again.partitions[0].pipeline.dump() == calm(LOG[first:]).dump()

    asyncio.run(check())


def test_a_log_that_ends_before_the_damaged_state_is_refused() -> None:
    async def check() -> None:
        broker = Broker()
        await broker.live(STOP)
        broker.damage("/head/")
        untyped: Any = broker
        forecasting = Processing(
            untyped,
            "samples",
            "state",
            lambda _: ToyPipeline(),
            Outbox(untyped, 9, lambda _: None),
            lambda: "x",
            CADENCE,
        )
        forecasting.restore([0], lambda _: broker.changelog)
        with pytest.raises(LogTooShortError, match=r"samples\[0\] ends at offset 3, but its state, which is damaged"):
            forecasting.starting_offsets({SAMPLES: 3}, {SAMPLES: LogBounds(0, 3)})

    asyncio.run(check())
