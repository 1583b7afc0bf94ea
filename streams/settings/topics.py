"""Settings section `topics`: our own topics."""

from typing import Annotated

from pydantic import Field

from streams.schema import RecordKind, topic_name
from streams.settings.durations import WEEK_MS, DurationMs, between
from streams.settings.names import DEFAULT_PREFIX, state_topic_name
from streams.settings.section import TOPIC_CHARACTERS_MAX, Section, TopicName, Whole

# Leaves room for the longest ending that we append.
PREFIX_CHARACTERS_MAX = 200
assert len(state_topic_name("x" * PREFIX_CHARACTERS_MAX, "correlate")) <= TOPIC_CHARACTERS_MAX

PARTITIONS_DEFAULT = 8


class TopicSettings(Section):
    """Our own topics: their names, size and retention."""

    prefix: TopicName = Field(
        default=DEFAULT_PREFIX,
        max_length=PREFIX_CHARACTERS_MAX,
        description="The beginning of the names of all our topics.",
    )
    partitions: Annotated[Whole, Field(ge=1, le=10_000)] = Field(
        default=PARTITIONS_DEFAULT,
        description="Partitions of each of our topics; the samples topic's number can never change.",
    )
    replication_factor: Annotated[Whole, Field(ge=1, le=100)] = Field(
        default=1, description="Copies of each of our topics that the brokers keep."
    )
    samples_retention_ms: Annotated[DurationMs, between("1m", "3650d")] = Field(
        default=WEEK_MS,
        description="How long the samples topic keeps the cleaned telemetry, and the events topic its events.",
    )
    predictions_retention_ms: Annotated[DurationMs, between("1m", "3650d")] = Field(
        default=WEEK_MS, description="How long the prediction topics and the rejects topic keep their records."
    )

    @property
    def samples(self) -> str:
        """The topic of the clean, re-keyed telemetry."""
        return topic_name(self.prefix, RecordKind.SAMPLES)

    @property
    def events(self) -> str:
        """The topic where others say what they know of a time, such as an incident: an input."""
        return topic_name(self.prefix, RecordKind.EVENT)

    @property
    def forecasts(self) -> str:
        """The topic of the forecasts."""
        return topic_name(self.prefix, RecordKind.FORECAST)

    @property
    def capacity(self) -> str:
        """The topic of the capacity predictions."""
        return topic_name(self.prefix, RecordKind.CAPACITY)

    @property
    def failures(self) -> str:
        """The topic of the failure predictions."""
        return topic_name(self.prefix, RecordKind.FAILURE)

    @property
    def anomalies(self) -> str:
        """The topic of what is strange about series."""
        return topic_name(self.prefix, RecordKind.ANOMALY)

    @property
    def incidents(self) -> str:
        """The topic of the incidents."""
        return topic_name(self.prefix, RecordKind.INCIDENT)

    @property
    def signals(self) -> str:
        """The internal topic of what entities say, from the forecast role to the correlate role."""
        return topic_name(self.prefix, RecordKind.SIGNALS)

    @property
    def quality(self) -> str:
        """The topic of how the forecasts fared."""
        return topic_name(self.prefix, RecordKind.QUALITY)

    @property
    def rejects(self) -> str:
        """The topic of the input that could not be used."""
        return topic_name(self.prefix, RecordKind.REJECT)

    @property
    def state(self) -> str:
        """The changelog topic of the forecast table, where checkpoints go."""
        return state_topic_name(self.prefix, "forecast")

    @property
    def correlate_state(self) -> str:
        """The changelog topic of the correlate table, where its checkpoints go."""
        return state_topic_name(self.prefix, "correlate")
