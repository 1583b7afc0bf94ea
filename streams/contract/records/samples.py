"""Samples: blocks of clean telemetry."""

from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from streams.contract.words import SERIES_UNIT, InstantMs, Ints, Numbers, Version, says, unit
from streams.schema import RecordKind

_KIND = "what the record says"


class SampleSourceFields(TypedDict):
    """Where the rows of a block come from."""

    topic: Annotated[str, says("the telemetry topic that the rows come from")]
    partition: Annotated[int, says("and its partition")]
    topic_id: NotRequired[
        Annotated[
            str,
            says(
                "the topic's id on the broker, another one when it was deleted and made again; empty: the broker gives "
                "none. Missing in blocks of earlier releases"
            ),
        ]
    ]


class SamplesFields(TypedDict):
    """A block of clean telemetry of one source partition, column by column."""

    v: Version
    kind: Annotated[RecordKind, says(_KIND)]
    source: Annotated[SampleSourceFields, says("where the rows come from")]
    watermark_ms: Annotated[
        InstantMs | None, says("after these rows the source partition has reached this event time; `null`: no news")
    ]
    series: Annotated[list[str], says("the distinct series of the block")]
    entity: Annotated[list[str], says("the entity of each of them")]
    index: Annotated[Ints, says("of each row, its place in `series`")]
    offset: Annotated[Ints, says("of each row, the offset of its message")]
    row: Annotated[Ints, says("of each row, its place in that message")]
    timestamp_ms: Annotated[Ints, unit("ms since 1970-01-01T00:00:00Z"), says("of each row, its time")]
    value: Annotated[Numbers, unit(SERIES_UNIT), says("of each row, its value, as it came")]
