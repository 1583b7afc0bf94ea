"""Emission: predictions of the series that enter a new emission interval, as records. Changes no model state."""

from collections.abc import Iterator
from math import isnan
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from streams.outputs.capacity import capacity_record
from streams.outputs.failures import failure_record
from streams.outputs.forecasts import forecast_record
from streams.outputs.subject import Subject
from streams.pipeline.config import MODEL_VERSION
from streams.pipeline.rows import Rows
from streams.pipeline.state import PipelineState
from streams.records import OutputRecord

Ints = npt.NDArray[np.int64]

SAMPLES_MIN = 2
"""A forecast from a single sample says nothing about its own error."""

INTERVALS_VALID = 2
"""A prediction expires when a second one should have taken its place."""


class Emitted(NamedTuple):
    """Records of predictions; and the rows, by their place, whose capacity could not be predicted, with the details."""

    records: list[OutputRecord]
    limits_unknown: dict[int, list[str]]


class Emission:
    """Makes the records of predictions."""

    def __init__(self, state: PipelineState) -> None:
        self.config = state.config
        self.catalog = state.catalog
        self.grid = state.grid
        self.bank = state.bank
        self.capacity = state.capacity
        self.failures = state.failures

    def due(self, slots: Ints, step: Ints) -> Ints:
        """Places of the rows that begin a new emission interval; notes it as begun."""
        epoch = step // self.config.emit_every_steps
        begun = (epoch != self.grid["emit_epoch"][slots]) & (self.bank.state["count"][slots] >= SAMPLES_MIN)
        places = np.flatnonzero(begun)
        self.grid["emit_epoch"][slots[places]] = epoch[places]
        return places

    def emit(self, rows: Rows, step: Ints) -> Emitted:
        """All predictions for series that have just learned these rows."""
        places = zip(rows.slot.tolist(), rows.timestamp_ms.tolist(), step.tolist(), strict=True)
        subjects = [self._subject(slot, timestamp_ms, at) for slot, timestamp_ms, at in places]
        emitted = Emitted([], {})
        emitted.records.extend(self._forecasts(rows.slot, step, subjects))
        self._capacity(rows.slot, subjects, emitted)
        emitted.records.extend(self._failures(rows.slot, subjects))
        return emitted

    def _subject(self, slot: int, timestamp_ms: int, step: int) -> Subject:
        entry = self.catalog.entry(slot)
        step_ms = int(self.grid["step_ms"][slot])
        origin_ms = step * step_ms
        return Subject(
            name=entry.name,
            key=entry.key,
            entity=entry.entity,
            step_ms=step_ms,
            origin_ms=origin_ms,
            last_sample_at_ms=timestamp_ms,
            expires_at_ms=origin_ms + INTERVALS_VALID * self.config.emit_every_steps * step_ms,
            is_rate=bool(self.grid["counter"][slot]),
            samples_seen=int(self.bank.state["count"][slot]),
        )

    def _forecasts(self, slots: Ints, step: Ints, subjects: list[Subject]) -> Iterator[OutputRecord]:
        anchors = self.bank.horizons.anchors
        # Single precision is more than a forecast has, and half the digits on the wire.
        quantiles = self.bank.forecast(slots, step, anchors).astype(np.float32)
        scored = self.bank.state["error_count"][slots, 0].tolist()
        topic, levels = self.config.forecasts_topic, self.bank.levels
        for subject, of_series, origins in zip(subjects, quantiles, scored, strict=True):
            yield forecast_record(topic, subject, MODEL_VERSION, anchors, levels, of_series, origins)

    def _capacity(self, slots: Ints, subjects: list[Subject], emitted: Emitted) -> None:
        topic = self.config.capacity_topic
        for rule, places, limits, predicted in self.capacity.predict(slots):
            for place, (row, limit) in enumerate(zip(places.tolist(), limits.tolist(), strict=True)):
                if isnan(limit):
                    detail = f"capacity rule {rule.name!r}: no {rule.limit.metric} is known for this series"
                    emitted.limits_unknown.setdefault(row, []).append(detail)
                elif predicted.ready[place]:
                    record = capacity_record(topic, subjects[row], MODEL_VERSION, rule, limit, predicted, place)
                    emitted.records.append(record)

    def _failures(self, slots: Ints, subjects: list[Subject]) -> Iterator[OutputRecord]:
        topic = self.config.failures_topic
        for rule, places, predicted in self.failures.predict(slots):
            for place, row in enumerate(places.tolist()):
                yield failure_record(topic, subjects[row], MODEL_VERSION, rule, predicted, place)
