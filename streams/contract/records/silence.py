"""Silences among the samples."""

from typing import Annotated

from typing_extensions import TypedDict

from streams.contract.words import Version, says
from streams.schema import RecordKind


class SilenceSourceFields(TypedDict):
    """The source partition that is silent."""

    topic: Annotated[str, says("the telemetry topic")]
    partition: Annotated[int, says("the partition that is silent")]
    topic_id: Annotated[str, says("the id of the topic, empty where the broker gives none")]
    next_offset: Annotated[
        int, says("it had been read to before this offset; news of later ones overrides the silence")
    ]


class SilenceFields(TypedDict):
    """A source partition that says nothing holds back event time no more."""

    v: Version
    kind: Annotated[RecordKind, says("what the record says")]
    source: Annotated[SilenceSourceFields, says("who is silent")]
