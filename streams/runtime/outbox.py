"""Sends that are on their way: how many, when a group of them is acknowledged, and what to do when one fails."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from streams.records import OutputRecord
from streams.runtime.log import Log

Sends = dict[asyncio.Future[Any], None]
"""Futures of acknowledgements, in order; each takes itself out when it is acknowledged. One that failed stays."""


class Outbox:
    """Sends records, and holds the sender back while too many are unacknowledged.

    A send that fails is reported once, and stays in its `Sends` for ever: nothing behind it is ever committed.
    """

    def __init__(self, log: Log, unacknowledged_max: int, on_failure: Callable[[BaseException], None]) -> None:
        self._log = log
        self._unacknowledged_max = unacknowledged_max
        self._on_failure = on_failure
        self.unacknowledged = 0
        """Records that are on their way."""
        self.records: Counter[str] = Counter()
        """Records handed over since the start, by topic; tombstones too."""
        self.value_bytes: Counter[str] = Counter()
        """The bytes of their values."""
        self._room = asyncio.Event()
        self._room.set()

    async def send(self, records: Iterable[OutputRecord], sends: Sends, partition: int | None = None) -> None:
        """Hand records to the producer, in order, and note them in `sends` until they are acknowledged.

        Records that name no partition go to `partition`; None leaves it to the producer, by their key.
        """
        for record in records:
            await self._room.wait()
            placed = record if record.partition is not None else record._replace(partition=partition)
            future: Any = await self._log.send(placed)
            self._track(future, sends)
            self.records[record.topic] += 1
            self.value_bytes[record.topic] += len(record.value or b"")

    def _track(self, future: asyncio.Future[Any], sends: Sends) -> None:
        self.unacknowledged += 1
        if self.unacknowledged >= self._unacknowledged_max:
            self._room.clear()
        sends[future] = None

        def done(future: asyncio.Future[Any]) -> None:
            self.unacknowledged -= 1
            if self.unacknowledged < self._unacknowledged_max:
                self._room.set()
            if future.cancelled():
                self._on_failure(asyncio.CancelledError("a send was cancelled before it was acknowledged"))
            elif (error := future.exception()) is not None:
                self._on_failure(error)
            else:
                sends.pop(future, None)

        future.add_done_callback(done)


async def acknowledged(sends: Iterable[asyncio.Future[Any]]) -> None:
    """Wait until all of these are acknowledged.

    Raises
    ------
    Exception
        The first failure among them.
    """
    await asyncio.gather(*[asyncio.shield(send) for send in sends])
