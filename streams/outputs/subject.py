"""What every prediction says of itself: which series, when, by which model, and until when it holds."""

from typing import NamedTuple

from streams.contract.records.prediction import PredictionFields
from streams.outputs.envelope import headers
from streams.records import OutputRecord
from streams.schema import SCHEMA_VERSIONS, RecordKind, event_type
from streams.series import SeriesKey


class Subject(NamedTuple):
    """The series a prediction is about, at the sample it was made after."""

    name: str
    key: SeriesKey
    entity: str
    step_ms: int
    origin_ms: int
    last_sample_at_ms: int
    expires_at_ms: int
    is_rate: bool
    samples_seen: int
    suppressed: bool = False

    def fields(self, kind: RecordKind, model: str) -> PredictionFields:
        """The fields that all kinds of predictions begin with."""
        return {
            "v": SCHEMA_VERSIONS[kind],
            "kind": kind,
            "series": self.name,
            "metric": self.key.metric,
            "labels": dict(self.key.labels),
            "entity": self.entity,
            "origin_ms": self.origin_ms,
            "last_sample_at_ms": self.last_sample_at_ms,
            "expires_at_ms": self.expires_at_ms,
            "step_ms": self.step_ms,
            "transform": "rate_per_s" if self.is_rate else None,
            "samples_seen": self.samples_seen,
            "model": model,
            "suppressed": self.suppressed,
        }


def record_key(kind: RecordKind, series: str, rule: str | None = None) -> str:
    """The key of a prediction: a newer one of the same key takes its place."""
    return f"{kind}|{series}" if rule is None else f"{kind}|{series}|{rule}"


def prediction(kind: RecordKind, topic: str, key: str, origin_ms: int, value: bytes) -> OutputRecord:
    """A prediction as a record. Its id adds the origin to the key, so that older ones can be told."""
    return OutputRecord(topic, None, key.encode(), value, headers(event_type(kind), f"{key}|{origin_ms}"))


def tombstone(kind: RecordKind, topic: str, key: str) -> OutputRecord:
    """The end of a key: its series is gone."""
    return OutputRecord(topic, None, key.encode(), None, headers(event_type(kind), f"{key}|gone"))
