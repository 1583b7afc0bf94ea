"""The shapes of answers, for the OpenAPI document. Records have all the fields that they are published with."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Quality = Literal["ok", "warming", "unfit", "stale"]
Severity = Literal["now", "soon", "coming", "calm"]


class Shape(BaseModel):
    """A part of an answer, with no other fields."""

    model_config = ConfigDict(extra="forbid")


class Record(BaseModel):
    """A record, as it was published: streams/README.md has its fields."""

    model_config = ConfigDict(extra="allow")

    v: int = Field(description="Version of the schema of this kind.")
    kind: str


class Page(Shape):
    """A page of a list."""

    next: str | None = Field(description="The cursor of the next page; null: this is the last.")
    now_ms: int = Field(description="The time that the answer was made by.")


class Problem(Shape):
    """What is wrong."""

    code: str
    message: str
    parameter: str | None


class ErrorAnswer(Shape):
    """An error."""

    error: Problem


class SeriesItem(Shape):
    """A series and how its forecasts stand."""

    series: str
    metric: str
    labels: dict[str, str]
    entity: str | None
    step_ms: int | None
    last_sample_at_ms: int | None
    last_value: float | None
    quality: Quality | None = Field(description="That of its forecast; stale where that has expired.")
    skill: float | None
    coverage_80: float | None
    stale: bool = Field(description="Its forecast has expired, or there is none.")
    kinds: list[str] = Field(description="Kinds of records that there are of it.")


class SeriesPage(Page):
    """Series in the order of the alphabet."""

    items: list[SeriesItem]


class Points(Shape):
    """Samples, ascending in time; of counters their rates per second, as they are forecast."""

    t_ms: list[int]
    v: list[float]


class Foretold(Shape):
    """What was forecast one emission ahead, and what came; null: nothing that is still known."""

    t_ms: list[int]
    q10: list[float]
    q50: list[float]
    q90: list[float]
    came: list[float | None]


class OneSeries(SeriesItem):
    """All that is known of a series."""

    transform: Literal["rate_per_s"] | None
    history: Points
    forecast: Record | None
    quality_record: Record | None
    capacity: list[Record]
    failures: list[Record]
    anomalies: list[Record]
    past: Foretold
    now_ms: int


class Spark(Shape):
    """The newest samples, thinned, and the forecast that follows them."""

    t_ms: list[int]
    v: list[float]
    f_ms: list[int]
    q10: list[float]
    q50: list[float]
    q90: list[float]


class RankedRecord(Record):
    """A record of a ranked list."""

    origin_ms: int
    stale: bool = Field(description="It has expired, and nothing has taken its place.")
    spark: Spark | None = Field(default=None, description="With `spark=1`, of records of a series.")
    severity: Severity | None = Field(
        default=None, description="Of capacity and failures: how grave it is, which they are ordered by."
    )
    urgency: float | None = Field(
        default=None, description="Of capacity and failures, from 0 to 1: the order among those of one severity."
    )
    constant: bool | None = Field(
        default=None, description="Of quality: seasonal naive was always right, which leaves nothing to judge."
    )


class RankedPage(Page):
    """Records in the order of the list: what holds first, then what has expired."""

    items: list[RankedRecord]


class AnomalyRecord(Record):
    """An episode of a series."""

    series: str
    anomaly: str
    state: Literal["open", "closed"]


class AnomalyPage(Page):
    """Anomalies, the newest first."""

    items: list[AnomalyRecord]


class IncidentRecord(Record):
    """An incident, with those of its members that the asker may see."""

    id: str
    status: Literal["open", "updated", "closed"]
    members: list[dict[str, Any]]


class IncidentPage(Page):
    """Incidents, the newest first."""

    items: list[IncidentRecord]


class Moment(Shape):
    """Something that happened in an incident."""

    at_ms: int
    what: str
    entity: str | None


class OneIncident(IncidentRecord):
    """An incident, and how it went."""

    timeline: list[Moment]
    now_ms: int


class ByQuality(Shape):
    """Series by the quality of their forecasts."""

    ok: int
    warming: int
    unfit: int
    stale: int


class Counts(Shape):
    """How many there are."""

    capacity: int
    failures: int
    anomalies_open: int
    incidents_open: int


class Severities(Shape):
    """Capacity predictions by severity: as their statuses, but before there is one by their probabilities."""

    now: int
    soon: int
    coming: int
    calm: int


class Statuses(Shape):
    """Capacity predictions by status."""

    exhausted: int
    imminent: int
    filling: int
    ok: int


class Rules(Shape):
    """Rules that are configured."""

    capacity: int
    failures: int
    hazards: int
    objectives: int


class TopicLag(Shape):
    """How far a topic is read."""

    lag_records: int


class StatusAnswer(Shape):
    """The fleet at a glance, and how far reading has come."""

    now_ms: int
    now: Literal["wall", "event"]
    ready: bool
    waits_for: str | None
    event_time_ms: int
    behind_ms: int
    step_ms: int | None = Field(description="The shortest step of a series that is forecast.")
    series: int
    by_quality: ByQuality
    counts: Counts
    statuses: Statuses
    severities: Severities
    rules: Rules
    model: str | None
    version: str
    topics: dict[str, TopicLag]
    rejects: dict[str, int] = Field(description="Refused rows by reason; told to those who see everything.")
