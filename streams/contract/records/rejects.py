"""Rejects: what could not be used."""

from typing import Annotated, Literal

from typing_extensions import TypedDict

from streams.contract.words import Count, InstantMs, Value, Version, says
from streams.rejects import RejectReason
from streams.schema import RecordKind


class RejectSourceFields(TypedDict):
    """Where a refused row came from."""

    topic: Annotated[str, says("where the row came from")]
    partition: Annotated[int, says("its partition")]
    offset: Annotated[int, says("its message")]
    row: Annotated[int, says("its place in the message; -1: the message as a whole")]


class RejectFields(TypedDict):
    """A reject: a row, or a message, that could not be used, with the reason and the place it came from."""

    v: Version
    kind: Annotated[RecordKind, says("what the record says")]
    reason: Annotated[RejectReason, says("one of the public reasons")]
    detail: Annotated[str, says("what was wrong, for people")]
    rows: Annotated[
        Count,
        says("rows this record stands for: of a message, 20 are listed one by one, the others once for each reason"),
    ]
    source: Annotated[RejectSourceFields, says("where the row came from")]
    series: Annotated[str | None, says("the series, where it could be told")]
    timestamp_ms: Annotated[InstantMs | None, says("its time, where it could be read")]
    value: Annotated[
        Value | Literal["NaN", "Infinity", "-Infinity"] | None,
        says('its value; `"NaN"`, `"Infinity"` and `"-Infinity"` as text'),
    ]
    excerpt: Annotated[str | None, says("the beginning of the message, where that could not be decoded")]
