"""Records as they are read from the topics: what the board is made of."""

from typing import NamedTuple


class Incoming(NamedTuple):
    """A record and where it was read; `value` None is a tombstone: its key is over."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes | None
