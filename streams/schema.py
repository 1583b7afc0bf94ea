"""The public contract in names: kinds of records, their schema versions, CloudEvents types and topics."""

from enum import StrEnum
from types import MappingProxyType


class RecordKind(StrEnum):
    """What a record on one of our topics says; the value of its `kind` field."""

    SAMPLES = "samples"
    EVENT = "event"
    SILENCE = "silence"
    FORECAST = "forecast"
    CAPACITY = "capacity"
    FAILURE = "failure"
    FAILURE_QUALITY = "failure_quality"
    ANOMALY = "anomaly"
    INCIDENT = "incident"
    HAZARD = "hazard"
    HAZARD_QUALITY = "hazard_quality"
    OBJECTIVE = "objective"
    OBJECTIVE_QUALITY = "objective_quality"
    QUALITY = "quality"
    REJECT = "reject"
    SIGNALS = "signals"


class AnomalyKind(StrEnum):
    """What is strange about a series."""

    VALUE = "value"
    LEVEL_SHIFT = "level_shift"
    VARIANCE = "variance"
    FLAT_LINE = "flat_line"
    MISSING = "missing"
    CADENCE = "cadence"


class EpisodeState(StrEnum):
    """Whether an anomaly still goes on."""

    OPEN = "open"
    CLOSED = "closed"


class ForecastQuality(StrEnum):
    """Whether a forecast is worth acting on, judged by what became of its series' earlier ones."""

    OK = "ok"
    WARMING = "warming"
    UNFIT = "unfit"
    STALE = "stale"


SCHEMA_VERSIONS = MappingProxyType(dict.fromkeys(RecordKind, 1))
"""The version of each kind's schema: the record's `v` field and the end of its CloudEvents type."""

_TOPIC_SUFFIXES = {
    RecordKind.SAMPLES: "samples",
    RecordKind.EVENT: "events",
    RecordKind.SILENCE: "samples",
    RecordKind.FORECAST: "forecasts",
    RecordKind.CAPACITY: "capacity",
    RecordKind.FAILURE: "failures",
    RecordKind.FAILURE_QUALITY: "quality",
    RecordKind.ANOMALY: "anomalies",
    RecordKind.INCIDENT: "incidents",
    RecordKind.HAZARD: "failures",
    RecordKind.HAZARD_QUALITY: "quality",
    RecordKind.OBJECTIVE: "failures",
    RecordKind.OBJECTIVE_QUALITY: "quality",
    RecordKind.QUALITY: "quality",
    RecordKind.REJECT: "rejects",
    RecordKind.SIGNALS: "signals",
}


def event_type(kind: RecordKind) -> str:
    """The CloudEvents type of a kind of record, such as ``dev.foreshock.forecast.v1``."""
    return f"dev.foreshock.{kind}.v{SCHEMA_VERSIONS[kind]}"


def topic_name(prefix: str, kind: RecordKind) -> str:
    """The topic that carries a kind of record, such as ``foreshock.forecasts``."""
    return f"{prefix}.{_TOPIC_SUFFIXES[kind]}"
