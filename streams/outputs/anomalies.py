"""Anomaly records: one episode of one kind of a series, when it opens, when it gets worse, and when it closes.

Beside the common fields (`subject`)::

    {"anomaly": "value", "state": "open",          value, level_shift, variance, flat_line, missing or cadence
     "episode": "anomaly|cpu|value|1700000000000",    the same in all records of it
     "start_ms": 1700000000000,                    its first step; of `missing` the step that a sample was expected at
     "found_ms": 1700000240000,                    when it could be told
     "last_ms": 1700000300000,                     the last step at which it held
     "end_ms": null,                               when it was over; null while it is open
     "peak_ms": 1700000300000,                     the step of its highest score, and that score
     "score": 0.998,
     "value": 93.1 | null,                         the sample then; null where there is none
     "expected_low": 11.0 | null, "expected_high": 17.5 | null,     between what it was expected
     "factor": 5.2 | null}                         of `variance` and `cadence`: how many times the usual
"""

from math import isfinite
from typing import NamedTuple

import orjson

from streams.contract.records.anomalies import AnomalyFields
from streams.outputs.envelope import headers
from streams.outputs.subject import Subject, record_key
from streams.records import OutputRecord
from streams.schema import AnomalyKind, EpisodeState, RecordKind, event_type


class Episode(NamedTuple):
    """An episode as it stands; NaN is what is not known."""

    anomaly: AnomalyKind
    state: EpisodeState
    start_ms: int
    found_ms: int
    last_ms: int
    peak_ms: int
    score: float
    value: float
    expected_low: float
    expected_high: float
    factor: float


def anomaly_record(topic: str, subject: Subject, model: str, episode: Episode) -> OutputRecord:
    """The record of an episode that has just turned."""
    key = record_key(RecordKind.ANOMALY, subject.name, episode.anomaly)
    fields: AnomalyFields = {
        **subject.fields(RecordKind.ANOMALY, model),
        "anomaly": episode.anomaly,
        "state": episode.state,
        "episode": f"{key}|{episode.start_ms}",
        "start_ms": episode.start_ms,
        "found_ms": episode.found_ms,
        "last_ms": episode.last_ms,
        "end_ms": subject.origin_ms if episode.state is EpisodeState.CLOSED else None,
        "peak_ms": episode.peak_ms,
        "score": episode.score,
        "value": _number(episode.value),
        "expected_low": _number(episode.expected_low),
        "expected_high": _number(episode.expected_high),
        "factor": _number(episode.factor),
    }
    # A silence that ends as it is told opens and closes with one sample: the state tells the two records apart.
    ce_id = f"{key}|{subject.origin_ms}|{episode.state}"
    return OutputRecord(topic, None, key.encode(), orjson.dumps(fields), headers(event_type(RecordKind.ANOMALY), ce_id))


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
