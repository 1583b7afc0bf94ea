"""A recording into a topic, at the pace of its event time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from load.recordings.recording import Recording
from load.recordings.table import SampleTable
from load.replay.messages import Encoder, Message
from load.replay.schedule import Lateness, Schedule
from load.replay.sender import Sender

# Samples read at a time. While one part is sent, a thread reads and encodes the next.
ROWS_READ = 200_000

# Messages handed over between two looks at the clock.
MESSAGES_AT_ONCE = 500


class Progress(Protocol):
    """Is told how far a replay has come."""

    def update(self, samples: int, event_ms: int, lag_s: float) -> None:
        """`samples` were handed over, up to an event time, that much behind the schedule."""
        ...


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What a replay did; `stopped`: it gave up before the end, because the broker took no more."""

    samples: int
    failed: int
    stopped: bool
    messages: int
    seconds: float
    late: int
    worst_s: float
    errors: tuple[str, ...]


@dataclass(slots=True)
class Replay:
    """One replay, which begins at `first_ms` of event time; `limit` is the most samples to send.

    `clock` reads the seconds in which `asyncio.sleep` counts.
    """

    recording: Recording
    first_ms: int
    encoder: Encoder
    sender: Sender
    speed: float | None
    limit: int | None
    clock: Callable[[], float]
    progress: Progress
    samples: int = 0
    messages: int = 0

    async def run(self) -> ReplayResult:
        """Send everything, and wait until it is acknowledged."""
        groups = read_ahead(self._message_groups())
        # The clock starts when the first messages are ready: reading them is no lateness.
        first = await anext(groups)
        lateness = Lateness(Schedule(self.speed, self.first_ms, self.clock()))
        await self._send(first, lateness)
        async for messages in groups:
            if self.sender.stalled:
                break
            await self._send(messages, lateness)
        await self.sender.drain()
        return self._result(lateness)

    def _message_groups(self) -> Iterator[list[Message]]:
        for table in limited(self.recording.tables(ROWS_READ), self.limit):
            yield from self.encoder.encode(table)
        yield self.encoder.finish()

    async def _send(self, messages: list[Message], lateness: Lateness) -> None:
        schedule, sent = lateness.schedule, 0
        while sent < len(messages) and not self.sender.stalled:
            wait_s = schedule.due_s(messages[sent].event_ms) - self.clock()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
                continue
            now_s = self.clock()
            due = [
                message
                for message in messages[sent : sent + MESSAGES_AT_ONCE]
                if schedule.is_due(message.event_ms, now_s)
            ]
            await self._hand_over(due, lateness)
            sent += len(due)

    async def _hand_over(self, due: list[Message], lateness: Lateness) -> None:
        for message in due:
            await self.sender.add(message)
        if lateness.schedule.speed is None:
            await asyncio.sleep(0)  # Batches fill; acknowledgements get their turn.
        else:
            await self.sender.flush()
        lateness.observe([message.event_ms for message in due], self.clock())
        self.messages += len(due)
        self.samples += sum([message.samples for message in due])
        self.progress.update(self.samples, due[-1].event_ms, lateness.now_s)

    def _result(self, lateness: Lateness) -> ReplayResult:
        seconds = self.clock() - lateness.schedule.start_s
        errors = tuple([f"{text} ({count} times)" for text, count in self.sender.errors.most_common()])
        return ReplayResult(
            samples=self.samples,
            failed=self.sender.failed,
            stopped=self.sender.stalled,
            messages=self.messages,
            seconds=seconds,
            late=lateness.late,
            worst_s=lateness.worst_s,
            errors=errors,
        )


def limited(tables: Iterator[SampleTable], rows: int | None) -> Iterator[SampleTable]:
    """The first `rows` rows; None: all."""
    for table in tables:
        if rows is None:
            yield table
            continue
        yield table.rows(0, rows)
        rows -= len(table)
        if rows <= 0:
            return


async def read_ahead(groups: Iterator[list[Message]]) -> AsyncIterator[list[Message]]:
    """The items of a slow iterator, each worked out in a thread while the one before is dealt with."""
    coming = asyncio.ensure_future(asyncio.to_thread(next, groups, None))
    try:
        while (messages := await coming) is not None:
            coming = asyncio.ensure_future(asyncio.to_thread(next, groups, None))
            yield messages
    finally:
        await asyncio.wait([coming])
