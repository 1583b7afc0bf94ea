"""Labels: what is known to have happened, to be laid over what was predicted.

They come from the truth of a generated fleet (`--truth`) and from events (`--events`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from load.backtest.errors import BacktestError
from streams.events import EventRecord
from streams.pipeline.config import applies
from streams.series import SeriesKey, parse_series
from streams.settings.durations import HOUR_MS


@dataclass(frozen=True, slots=True)
class Label:
    """Something that happened from `start_ms` until before `end_ms`, to a series or to all series with some labels.

    `about` is what it speaks of: ``exhaustion``, ``failure``, ``anomaly``, ``incident``, ``gap`` or ``event``.
    """

    about: str
    words: str
    start_ms: int
    end_ms: int
    series: str | None
    labels: frozenset[tuple[str, str]]
    event: EventRecord | None = None

    def is_of(self, key: SeriesKey, name: str) -> bool:
        """Whether it happened to this series."""
        if self.event is not None:
            return applies(self.event.event, key)
        return name == self.series if self.series is not None else self.labels <= set(key.labels)

    def is_of_entity(self, entity: frozenset[tuple[str, str]]) -> bool:
        """Whether it happened to the thing that has these labels, or to a series of it."""
        if self.event is not None:
            return frozenset(self.event.event.labels.items()) <= entity
        if self.series is not None:
            return entity <= frozenset(parse_series(self.series).labels)
        return self.labels == entity


def labels_of(truth: Path | None, events: Iterable[EventRecord]) -> list[Label]:
    """All labels, by their start."""
    found = [_of_event(record) for record in events]
    if truth is not None:
        try:
            document = orjson.loads(truth.read_bytes())
            found.extend(_of_truth(document))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            reason = error.strerror if isinstance(error, OSError) else f"no truth of a generated fleet ({error!r})"
            raise BacktestError(f"{truth}: can't be read: {reason}") from error
    return sorted(found, key=lambda label: (label.start_ms, label.end_ms, label.words))


def about(labels: Sequence[Label], name: str, *kinds: str) -> list[Label]:
    """The labels of a series that speak of one of these."""
    key = parse_series(name)
    return [label for label in labels if label.about in kinds and label.is_of(key, name)]


def _of_event(record: EventRecord) -> Label:
    event = record.event
    end_ms = event.start_ms + HOUR_MS if event.end_ms is None else event.end_ms
    return Label("event", f"{event.kind} {event.id}", event.start_ms, end_ms, None, frozenset(), record)


def _of_truth(document: dict[str, Any]) -> Iterator[Label]:
    for one in document["exhaustions"]:
        yield Label("exhaustion", one["cause"], one["at_ms"], one["at_ms"], one["series"], frozenset())
    for one in document["failures"]:
        yield Label("failure", one["rule"], one["start_ms"], one["end_ms"], one["series"], frozenset())
    for one in document["anomalies"]:
        yield Label("anomaly", one["kind"], one["start_ms"], one["end_ms"], one["series"], frozenset())
    for one in document["incidents"]:
        for entity in (one["entity"], *one["also"]):
            labels = frozenset(parse_series("m" + entity).labels)
            yield Label("incident", one["kind"], one["start_ms"], one["end_ms"], None, labels)
    for one in document["gaps"]:
        labels = frozenset(parse_series("m" + one["entity"]).labels)
        yield Label("gap", "no samples", one["start_ms"], one["end_ms"], None, labels)
