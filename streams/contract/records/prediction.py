"""What every prediction of a series says: the fields that its record begins with."""

from typing import Annotated, Literal

from typing_extensions import TypedDict

from streams.contract.words import Count, DurationMs, InstantMs, says
from streams.schema import RecordKind


class PredictionFields(TypedDict):
    """Fields of every prediction of a series."""

    v: Annotated[int, says("version of the schema of this kind")]
    kind: Annotated[RecordKind, says("what the record says")]
    series: Annotated[str, says("the series, with its labels")]
    metric: Annotated[str, says("its metric")]
    labels: Annotated[dict[str, str], says("its labels, as an object")]
    entity: Annotated[str, says('the labels that name the thing the series belongs to, written `{host="a"}`')]
    origin_ms: Annotated[
        InstantMs,
        says(
            "the begin of the step of the sample that set it off: the last one, which an event may exclude; "
            "of a missing "
            "series, when it could be told"
        ),
    ]
    last_sample_at_ms: Annotated[InstantMs, says("that sample's own time")]
    expires_at_ms: Annotated[
        InstantMs,
        says(
            "two emission intervals after the origin, of quality eight: a record that is older has had no "
            "successor; of an "
            "anomaly a week, once it is closed the origin"
        ),
    ]
    step_ms: Annotated[DurationMs, says("the series' step")]
    transform: Annotated[
        Literal["rate_per_s"] | None,
        says("`rate_per_s` where the metric is a counter and its rate is predicted, else `null`"),
    ]
    samples_seen: Annotated[Count, says("samples the series has learned from")]
    model: Annotated[str, says("version of the model: it changes with anything that changes a prediction")]
    suppressed: Annotated[bool, says("an event says that nobody is to be alarmed of its series at this time")]
