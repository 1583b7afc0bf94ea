"""What the doctor looks at: the newest messages of each partition of a topic."""

from typing import NamedTuple


class Message(NamedTuple):
    """One message. `broker_ms` is the time that the broker or the producer gave it."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    broker_ms: int


class TopicSample(NamedTuple):
    """The newest messages, partition by partition and in their order.

    `messages_held` is how many the topic holds, `brokers` how many brokers its cluster has.
    """

    topic: str
    partitions: int
    messages_held: int
    messages: list[Message]
    brokers: int
