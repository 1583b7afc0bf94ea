"""Sends are counted, held back, and a failed one is never taken for acknowledged."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from streams.records import OutputRecord
from streams.runtime.outbox import Outbox, Sends, acknowledged


class FakeBroker:
    """Acknowledges when told to."""

    def __init__(self) -> None:
        self.values: list[bytes | None] = []
        self.futures: list[asyncio.Future[None]] = []

    async def send(self, record: OutputRecord) -> Awaitable[None]:
        self.values.append(record.value)
        self.futures.append(asyncio.get_running_loop().create_future())
        return self.futures[-1]


@pytest.fixture
def broker() -> FakeBroker:
    return FakeBroker()


def records(*values: bytes) -> list[OutputRecord]:
    return [OutputRecord("topic", None, b"key", value, ()) for value in values]


def unexpected(error: BaseException) -> None:
    raise AssertionError from error


def outbox(broker: FakeBroker, on_failure: Callable[[BaseException], None], most: int = 100) -> Outbox:
    return Outbox(broker, most, on_failure)  # type: ignore[arg-type]  # it only sends


def test_records_leave_in_order_and_their_sends_empty_as_they_are_acknowledged(broker: FakeBroker) -> None:
    async def check() -> None:
        sends: Sends = {}
        await outbox(broker, unexpected).send(records(b"1", b"2"), sends)
        assert (broker.values, len(sends)) == ([b"1", b"2"], 2)
        broker.futures[0].set_result(None)
        await asyncio.sleep(0)
        assert list(sends) == [broker.futures[1]]

    asyncio.run(check())


def test_a_failed_send_is_reported_and_stays(broker: FakeBroker) -> None:
    async def check() -> None:
        failures: list[BaseException] = []
        sends: Sends = {}
        await outbox(broker, failures.append).send(records(b"1"), sends)
        broker.futures[0].set_exception(OSError("no"))
        with pytest.raises(OSError, match="no"):
            await acknowledged(sends)
        assert (len(sends), [str(failure) for failure in failures]) == (1, ["no"])

    asyncio.run(check())


def test_the_sender_waits_while_too_many_are_unacknowledged(broker: FakeBroker) -> None:
    async def check() -> None:
        sending = asyncio.create_task(outbox(broker, unexpected, most=2).send(records(b"1", b"2", b"3"), {}))
        await asyncio.sleep(0.01)
        assert broker.values == [b"1", b"2"]
        broker.futures[1].set_result(None)
        await sending
        assert broker.values == [b"1", b"2", b"3"]

    asyncio.run(check())


def test_giving_up_the_wait_cancels_no_send(broker: FakeBroker) -> None:
    async def check() -> None:
        sends: Sends = {}
        await outbox(broker, unexpected).send(records(b"1"), sends)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(acknowledged(sends), 0.01)
        assert not broker.futures[0].cancelled()

    asyncio.run(check())
