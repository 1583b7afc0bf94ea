"""Records as they go to and come from Kafka, without a Kafka client: the boundary of the pure code."""

from typing import NamedTuple

Headers = tuple[tuple[str, bytes], ...]


class InputRecord(NamedTuple):
    """A message as fetched: its offset in the partition and its raw value (None: a tombstone)."""

    offset: int
    value: bytes | None


class OutputRecord(NamedTuple):
    """A message to publish. `partition` None leaves the choice to the producer's partitioner (by key)."""

    topic: str
    partition: int | None
    key: bytes
    value: bytes | None
    headers: Headers
