"""The state of what is shown, from the records of the prediction topics."""

from collections import Counter
from typing import Any

import orjson

from load.demo.predictions import (
    Anomaly,
    Capacity,
    Failure,
    Incident,
    anomaly_of,
    capacity_of,
    failure_of,
    incident_of,
)
from load.demo.ranking import current, likeliest, most_urgent
from streams.schema import ForecastQuality, RecordKind

WANTED = (RecordKind.FORECAST, RecordKind.CAPACITY, RecordKind.FAILURE, RecordKind.QUALITY)


class Board:
    """The latest prediction of every key.

    Attributes
    ----------
    counts
        Records of each kind; of rejects, the rows they refuse.
    reached_ms
        The newest event time of which there is a prediction; 0 before the first.
    """

    def __init__(self) -> None:
        self.counts: Counter[RecordKind] = Counter()
        self.reached_ms = 0
        self._capacity: dict[bytes, Capacity] = {}
        self._failures: dict[bytes, Failure] = {}
        self._anomalies: dict[bytes, Anomaly] = {}
        self._incidents: dict[bytes, Incident] = {}
        self._quality: dict[bytes, ForecastQuality] = {}

    @property
    def flowed(self) -> bool:
        """Whether there were predictions of every kind."""
        return not self.missing

    @property
    def missing(self) -> list[RecordKind]:
        """The kinds of which there was no prediction."""
        return [kind for kind in WANTED if not self.counts[kind]]

    def apply(self, key: bytes, value: bytes | None) -> None:
        """Take in one record of any of the topics."""
        if value is None:
            self._forget(key)
            return
        fields = orjson.loads(value)
        kind = RecordKind(fields["kind"])
        if kind is RecordKind.REJECT:
            self.counts[kind] += fields["rows"]
            return
        self.counts[kind] += 1
        if kind is not RecordKind.INCIDENT:
            self.reached_ms = max(self.reached_ms, fields["last_sample_at_ms"])
        self._keep(kind, key, fields)

    def capacity(self) -> list[Capacity]:
        """Those that hold, the most urgent first."""
        return most_urgent(current(self._capacity.values()))

    def failures(self) -> list[Failure]:
        """Those that hold, the likeliest first."""
        return likeliest(current(self._failures.values()))

    def anomalies(self) -> list[Anomaly]:
        """Those that go on, the newest first, of the same time the strangest."""
        going_on = [one for one in self._anomalies.values() if one.is_open]
        return sorted(going_on, key=lambda one: (-one.found_ms, -one.score, one.entity, one.metric))

    def incidents(self) -> list[Incident]:
        """All of them, those that are still open first, then the newest first."""
        return sorted(self._incidents.values(), key=lambda one: (one.is_open, one.opened_ms), reverse=True)

    def quality(self) -> Counter[ForecastQuality]:
        """How many series have forecasts of each quality."""
        return Counter(self._quality.values())

    def _keep(self, kind: RecordKind, key: bytes, fields: dict[str, Any]) -> None:
        if kind is RecordKind.CAPACITY:
            self._capacity[key] = capacity_of(fields)
        elif kind is RecordKind.FAILURE:
            self._failures[key] = failure_of(fields)
        elif kind is RecordKind.ANOMALY:
            self._anomalies[key] = anomaly_of(fields)
        elif kind is RecordKind.INCIDENT:
            self._incidents[key] = incident_of(fields)
        elif kind is RecordKind.QUALITY:
            self._quality[key] = ForecastQuality(fields["quality"])

    def _forget(self, key: bytes) -> None:
        self._capacity.pop(key, None)
        self._failures.pop(key, None)
        self._anomalies.pop(key, None)
        self._quality.pop(key, None)
