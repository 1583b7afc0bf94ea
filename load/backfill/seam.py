"""The seam between history and live samples: what the topics hold already, and whether the two will meet.

A series' samples are taken in the order in which they stand in a log, so history has to stand before what is newer. And
a step takes one sample: where history and live overlap, one of the two is a `same_step` or a `late` reject. So nothing
is lost and nothing counts twice where history is read before any live sample, and reaches into what is live.
"""

from collections.abc import Mapping
from contextlib import aclosing
from typing import Any, NamedTuple

from load.backfill.errors import SeamError
from load.record.telemetry import reader_for
from load.record.topic import TopicReader, reading
from streams.settings.instants import format_instant

LOOKED_AT = 2_000
"""Messages of a partition, at its end or its begin."""


class Held(NamedTuple):
    """The event times in a topic: of each partition the newest one, None where it is empty; and the first of all."""

    newest_ms: Mapping[int, int | None]
    first_ms: int | None

    @property
    def last_ms(self) -> int | None:
        """The newest of all."""
        return max((time_ms for time_ms in self.newest_ms.values() if time_ms is not None), default=None)


async def held_by(client: dict[str, Any], topic: str, codec: str) -> Held:
    """Look at the ends and the begins of a topic's partitions."""
    async with reading(client, topic) as messages:
        begins, ends = await messages.begins(), await messages.ends()
        tails = {partition: max(begins[partition], end - LOOKED_AT) for partition, end in ends.items()}
        heads = {partition: min(begins[partition] + LOOKED_AT, end) for partition, end in ends.items()}
        newest = await _times(messages, codec, tails, ends)
        first = await _times(messages, codec, begins, heads)
    return Held(
        {partition: max(times, default=None) for partition, times in newest.items()},
        min((min(times) for times in first.values() if times), default=None),
    )


def refuse_later_samples(target: Held, start_ms: int, topic: str) -> None:
    """See that a topic holds nothing that history would have to stand before."""
    if target.last_ms is not None and target.last_ms >= start_ms:
        held, begin = format_instant(target.last_ms), format_instant(start_ms)
        raise SeamError(
            f"{topic} holds samples up to {held}: history from {begin} on would stand behind them, and be late\n"
            "write it into a topic of its own, with --live for this one; or, if they are of a backfill that did not "
            "end, go on with --resume"
        )


def refuse_gap(live: Held, stop_ms: int, topic: str) -> None:
    """See that live samples begin before history ends."""
    if live.first_ms is None:
        raise SeamError(f"{topic} holds no sample yet: let its producers begin first, so that history reaches into it")
    if live.first_ms >= stop_ms:
        begin, stop = format_instant(live.first_ms), format_instant(stop_ms)
        raise SeamError(f"{topic} begins at {begin} and history ends at {stop}: there would be a gap; raise --until")


def resumed_from_ms(target: Held, start_ms: int) -> int:
    """Where a backfill that did not end goes on: all partitions hold what is before."""
    times = list(target.newest_ms.values())
    reached = [time_ms for time_ms in times if time_ms is not None]
    return max(start_ms, min(reached)) if reached and len(reached) == len(times) else start_ms


async def _times(
    messages: TopicReader, codec: str, begins: Mapping[int, int], ends: Mapping[int, int]
) -> dict[int, list[int]]:
    reader = reader_for(codec)
    times: dict[int, list[int]] = {partition: [] for partition in ends}
    async with aclosing(messages.between(begins, ends)) as fetched:
        async for message in fetched:
            table = reader.read(message.partition, message.value)
            if len(table):
                times[message.partition] += [int(table.timestamp_ms.min()), int(table.timestamp_ms.max())]
    return times
