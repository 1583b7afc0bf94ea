"""What the runtime needs of a log and of the group that reads it: on Kafka by `streams.edge`, simulated by a test."""

from collections.abc import Awaitable, Mapping
from typing import NamedTuple, Protocol

from streams.records import OutputRecord


class Place(NamedTuple):
    """A partition of a topic."""

    topic: str
    partition: int

    def __str__(self) -> str:
        return f"{self.topic}[{self.partition}]"


class LogBounds(NamedTuple):
    """What a partition's log holds: offsets from `first` to before `end`.

    `topic_id` is another one once the topic was deleted and made again; "" where the broker gives none.
    """

    first: int
    end: int
    topic_id: str = ""


class Committed(NamedTuple):
    """A next offset that the group has committed, and the id of the topic that it is an offset of; "" if not known."""

    offset: int
    topic_id: str = ""


Bounds = Mapping[Place, LogBounds]


class Log(Protocol):
    """A log with partitions, and this process as a member of a group that shares them out.

    Two things are relied on. Records that are sent to one partition become durable in that order, and if one does not,
    none after it does. And the group takes a commit only from the member that has the partition.
    """

    @property
    def generation(self) -> int:
        """Of the group, as far as this process has heard of it."""
        ...

    def is_assigned(self, place: Place) -> bool:
        """Whether a partition is this process's, as far as it has heard."""
        ...

    async def send(self, record: OutputRecord) -> Awaitable[object]:
        """Hand over a record; the result ends when it is durable, or raises if it may not be."""
        ...

    async def commit(self, offsets: Mapping[Place, int]) -> bool:
        """Commit next offsets in the group's name; False if the group has given the partitions to another."""
        ...

    async def first_offset(self, place: Place) -> int:
        """Where a partition's log begins."""
        ...

    async def seek(self, place: Place, offset: int) -> None:
        """Deliver from this offset on."""
        ...
