"""Signals: what the entities of a samples partition say, for those who compare entities."""

from typing import Annotated

from typing_extensions import TypedDict

from streams.contract.words import Count, InstantMs, Ints, Probability, Version, says, unit
from streams.schema import RecordKind


class NoticeFields(TypedDict):
    """Something that was found of a series, or is predicted of it."""

    scope: Annotated[str, says("the scope of its entity")]
    entity: Annotated[str, says("its entity")]
    series: Annotated[str, says("the series")]
    kind: Annotated[str, says("the kind of record that says so")]
    about: Annotated[str, says("what it is about within that kind: a rule's name, or a kind of anomaly")]
    at_ms: Annotated[InstantMs, says("when it was said")]
    until_ms: Annotated[InstantMs, says("it holds until then, unless it is said again")]
    strength: Annotated[Probability, says("how sure or how severe")]
    text: Annotated[str, says("a sentence for people")]
    predicted: Annotated[bool, says("it has not come yet")]


class SignalsFields(TypedDict):
    """Signals: what the entities of one samples partition said since its record before, column by column."""

    v: Version
    kind: Annotated[RecordKind, says("what the record says")]
    partition: Annotated[int, says("the samples partition")]
    position: Annotated[
        Count,
        says("counts the samples partition's records: a reader skips what is not above the last one it has seen"),
    ]
    watermark_ms: Annotated[
        InstantMs | None, says("the event time that the samples partition has reached; `null`: no news")
    ]
    scope: Annotated[list[str], says("the distinct scopes")]
    entity: Annotated[list[str], says("the distinct entities")]
    scope_of: Annotated[Ints, says("of each entity, the place of its scope")]
    metric: Annotated[list[str], says("the distinct metrics")]
    entity_of: Annotated[Ints, says("of each row, the place of its entity")]
    metric_of: Annotated[Ints, says("of each row, the place of its metric")]
    minute: Annotated[
        Ints, unit("min since 1970-01-01T00:00Z"), says("of each row, the minute since 1970 in which it was said")
    ]
    level: Annotated[Ints, unit("doublings / 8"), says("of each row, how far out, in eighths of a doubling")]
    speaker: Annotated[
        list[tuple[int, str, float]],
        says("of rows nearly five scales out or more: row, series, and how many scales in more than one minute"),
    ]
    notices: Annotated[list[NoticeFields], says("what was found or predicted of single series")]
