"""Events among the samples."""

from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from streams.contract.words import InstantMs, Version, says
from streams.schema import EventKind, RecordKind


class EventSourceFields(TypedDict):
    """The message that told of an event."""

    topic: Annotated[str, says("the events topic")]
    partition: Annotated[int, says("its partition")]
    topic_id: NotRequired[Annotated[str, says("its id on the broker, as in blocks of samples")]]
    offset: Annotated[int, says("the event's message")]


class EventBodyFields(TypedDict):
    """An event as it holds from its place in the log on."""

    id: Annotated[str, says("as in the message")]
    kind: Annotated[EventKind, says("as in the message")]
    start_ms: Annotated[InstantMs, says("the first instant")]
    end_ms: Annotated[InstantMs | None, says("the first instant after it; `null`: not known yet")]
    metric: Annotated[str, says("as in the message")]
    labels: Annotated[dict[str, str], says("as in the message")]
    learn: Annotated[bool, says("as in the message, or as its kind says")]
    cancelled: Annotated[bool, says("as in the message")]
    title: Annotated[str, says("as in the message")]
    description: Annotated[str, says("as in the message")]
    suppress: NotRequired[
        Annotated[bool, says("as in the message, or as its kind says. Missing in records of earlier releases")]
    ]
    judge: NotRequired[
        Annotated[bool, says("as in the message, or as its kind says. Missing in records of earlier releases")]
    ]


class EventFields(TypedDict):
    """An event among the samples: on every partition, at the place from which on it holds there."""

    v: Version
    kind: Annotated[RecordKind, says("what the record says")]
    source: Annotated[EventSourceFields, says("where it was told")]
    event: Annotated[EventBodyFields, says("the event, `start_ms` and `end_ms` in place of `start` and `end`")]
