"""A replay's pace and its account of itself, on a clock and a sender made for it."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import pytest
from aiokafka.errors import KafkaTimeoutError

from load.recordings.table import SampleTable, slices
from load.replay import replay as replay_module
from load.replay.catalogue import SeriesCatalogue
from load.replay.messages import Message, encoder_for
from load.replay.replay import Replay, limited, read_ahead
from load.replay.sender import Sender
from tests.load.recordings.helpers import table_of

START_MS = 10**12


class Tables:
    """A recording of samples one second apart."""

    def __init__(self, samples: int) -> None:
        self.table = table_of([(START_MS + 1000 * place, "m", float(place)) for place in range(samples)])

    def span_ms(self) -> tuple[int, int]:
        return START_MS, int(self.table.timestamp_ms[-1])

    def tables(self, rows_max: int) -> Iterator[SampleTable]:
        return slices(self.table, 3)


class FakeTime:
    """A clock that moves when someone sleeps on it."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def read(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds


class FakeSender:
    """Notes when it was given what; giving takes `cost_s`."""

    def __init__(self, time: FakeTime, cost_s: float = 0.0) -> None:
        self.time, self.cost_s = time, cost_s
        self.sent: list[tuple[float, int]] = []
        self.failed, self.stalled = 0, False
        self.errors: Counter[str] = Counter()

    async def add(self, message: Message) -> None:
        self.sent.append((self.time.now_s - 100, message.event_ms - START_MS))
        self.time.now_s += self.cost_s

    async def flush(self) -> None: ...

    async def drain(self) -> None: ...


class Silent:
    def update(self, samples: int, event_ms: int, lag_s: float) -> None: ...


def replay_of(samples: int, speed: float | None, sender: FakeSender, limit: int | None = None) -> Replay:
    encoder = encoder_for(1, SeriesCatalogue(frozenset(), 1))
    return Replay(Tables(samples), START_MS, encoder, cast("Sender", sender), speed, limit, sender.time.read, Silent())


@pytest.fixture
def fake_time(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    time = FakeTime()
    monkeypatch.setattr(replay_module.asyncio, "sleep", time.sleep)  # type: ignore[attr-defined]
    return time


def test_every_sample_is_sent_when_it_is_due(fake_time: FakeTime) -> None:
    sender = FakeSender(fake_time)
    result = asyncio.run(replay_of(5, 10.0, sender).run())
    assert [(round(at_s, 6), event_ms) for at_s, event_ms in sender.sent] == [(i / 10, 1000 * i) for i in range(5)]
    assert (result.samples, result.messages, result.late) == (5, 5, 0)


def test_a_slow_broker_makes_it_late_and_does_not_stretch_the_schedule(fake_time: FakeTime) -> None:
    sender = FakeSender(fake_time, cost_s=0.25)
    result = asyncio.run(replay_of(5, 10.0, sender).run())
    assert [round(at_s, 6) for at_s, _ in sender.sent] == [0, 0.25, 0.5, 0.75, 1.0]
    assert result.late == 5
    assert result.worst_s == pytest.approx(1.25 - 0.3)  # The fourth waits for the fifth, which is due with it.


def test_full_speed_does_not_wait(fake_time: FakeTime) -> None:
    sender = FakeSender(fake_time)
    asyncio.run(replay_of(5, None, sender).run())
    assert {at_s for at_s, _ in sender.sent} == {0.0}


def test_the_limit_is_exact(fake_time: FakeTime) -> None:
    sender = FakeSender(fake_time)
    assert asyncio.run(replay_of(8, None, sender, limit=4).run()).samples == 4
    assert [len(table) for table in limited(Tables(8).tables(3), 6)] == [3, 3]
    assert [len(table) for table in limited(Tables(8).tables(3), None)] == [3, 3, 2]


def test_it_gives_up_when_the_broker_takes_no_more(fake_time: FakeTime) -> None:
    sender = FakeSender(fake_time)
    replay = replay_of(8, 10.0, sender)

    async def stall() -> None:
        sender.stalled = len(sender.sent) >= 2

    sender.flush = stall  # type: ignore[method-assign]
    result = asyncio.run(replay.run())
    assert (result.samples, result.stopped) == (2, True)


def test_an_error_while_reading_ends_the_replay() -> None:
    def broken() -> Iterator[list[Message]]:
        yield []
        raise ValueError("cell 7")

    async def read() -> list[list[Message]]:
        return [group async for group in read_ahead(broken())]

    with pytest.raises(ValueError, match="cell 7"):
        asyncio.run(read())


class RefusingProducer:
    """Takes the first batch and then none."""

    def __init__(self) -> None:
        self.batches = 0

    def create_batch(self) -> Any:
        return self

    def append(self, **_: object) -> object:
        return object()

    async def send_batch(self, builder: object, topic: str, *, partition: int) -> "asyncio.Future[object]":
        self.batches += 1
        if self.batches == 3:
            raise KafkaTimeoutError
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        if self.batches == 1:
            future.set_result(None)
        else:
            future.set_exception(KafkaTimeoutError())
        return future


def test_samples_that_were_not_taken_are_counted() -> None:
    async def send() -> Sender:
        sender = Sender(RefusingProducer(), "t")
        for samples in (5, 7, 9):
            await sender.add(Message(0, b"k", b"v", 0, samples))
            await sender.flush()
        await sender.drain()
        return sender

    sender = asyncio.run(send())
    assert (sender.acknowledged, sender.failed) == (5, 16)
    assert list(sender.errors.values()) == [2]
    assert sender.stalled
