"""What others send us: events, and telemetry in the native format."""

from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from streams.contract.words import SERIES_UNIT, says, unit
from streams.schema import EventKind

Timestamp = Annotated[
    int | float | str,
    says(
        "RFC 3339 with an offset, or a number since 1970: seconds below 1e11, milliseconds below 1e14, "
        "microseconds below "
        "1e17, else nanoseconds"
    ),
]
_METRIC = "the metric's name"
_LABELS = "the series' labels"
Labels = dict[str, str] | None
Number = Annotated[float, unit(SERIES_UNIT)]


class EventMessage(TypedDict):
    """An event: what someone knows of a time. Each message is the whole event; the newest of an id holds."""

    v: NotRequired[Annotated[int, says("version of these fields")]]
    id: Annotated[str, says("whose newest message is what holds; at most 256 bytes")]
    kind: Annotated[
        EventKind,
        says(
            "`incident`, `failure`, `maintenance`, `deploy`, or `exclude` for any other time that is not to be learned"
        ),
    ]
    start: Annotated[Timestamp, says("the first instant, written like the timestamps of telemetry")]
    end: NotRequired[
        Annotated[
            Timestamp | None,
            says("the first instant after it, at most 31 days after `start`; `null`: not known yet"),
        ]
    ]
    metric: NotRequired[Annotated[str | None, says("a pattern of the metrics it is about")]]
    labels: NotRequired[
        Annotated[Labels, says("labels that a series must have, with these values, for it to be about")]
    ]
    learn: NotRequired[Annotated[bool | None, says("whether these samples are learned; `false` excludes them")]]
    suppress: NotRequired[
        Annotated[
            bool | None,
            says("whether predictions of that time bear `suppressed`: nobody is to be alarmed of them"),
        ]
    ]
    judge: NotRequired[
        Annotated[bool | None, says("whether predictions are judged by it: it is what they should have foretold")]
    ]
    cancelled: NotRequired[Annotated[bool | None, says("it never was: nothing of it holds any more")]]
    title: NotRequired[Annotated[str | None, says("for people")]]
    description: NotRequired[Annotated[str | None, says("for people")]]


class TelemetrySample(TypedDict):
    """One sample."""

    metric: Annotated[str, says(_METRIC)]
    labels: NotRequired[Annotated[Labels, says(_LABELS)]]
    timestamp: Timestamp
    value: Annotated[Number, says("the value, a number")]


class TelemetryColumns(TypedDict):
    """Many samples: at least one field is an array, all arrays are of one length, what is no array holds for all."""

    metric: Annotated[str | list[str], says(_METRIC)]
    labels: NotRequired[Annotated[Labels | list[Labels], says(_LABELS)]]
    timestamp: Annotated[Timestamp | list[Timestamp], says("the time of each")]
    value: Annotated[Number | list[Number], says("the value of each")]


TelemetryMessage = TelemetrySample | list[TelemetrySample] | TelemetryColumns
"""A message of the native format."""
