"""Emission: predictions of the series that enter a new emission interval, as records.

It changes one thing that is learned: what is said of a failure rule is noted, to be settled, because its record is of
what was published. Emission is at fixed places of a series' log, so that depends on no batch.
"""

from collections.abc import Iterator
from math import isnan
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from models.arrays import Floats, Ints
from models.forecast.quality import Quality
from streams.outputs.capacity import capacity_record
from streams.outputs.failures import failure_quality_record, failure_record
from streams.outputs.forecasts import forecast_record
from streams.outputs.quality import Standing, quality_record
from streams.outputs.subject import Subject
from streams.pipeline.capacity_limits import why_unknown
from streams.pipeline.marks import NO_MARKS, marks_of
from streams.pipeline.notices import capacity_notice, failure_notice
from streams.pipeline.quality import judge
from streams.pipeline.rows import Rows
from streams.pipeline.state import PipelineState
from streams.pipeline.subjects import subjects_of
from streams.records import OutputRecord
from streams.signals import Notice

Bools = npt.NDArray[np.bool_]

IntOrInts = TypeVar("IntOrInts", int, Ints)

SAMPLES_MIN = 2
"""A forecast from a single sample says nothing about its own error."""

INTERVALS_VALID = 2
"""A prediction expires when a second one should have taken its place."""

QUALITY_INTERVALS = 4
"""Emission intervals of a quality record. By default that is a horizon, after which a fine series has scored another
forecast: records in between would say the same again."""


class Due(NamedTuple):
    """Rows that begin an emission interval.

    Attributes
    ----------
    places
        Where they are, (n,).
    with_quality
        Whether each of them begins one of quality too.
    quantiles
        What is forecast for them, (n, anchors, levels).
    """

    places: Ints
    with_quality: Bools
    quantiles: Floats


class Emitted(NamedTuple):
    """Records of predictions; the rows, by their place, whose capacity could not be predicted, with the details; and
    what of the predictions is worth an incident, with the place of its row."""

    records: list[OutputRecord]
    limits_unknown: dict[int, list[str]]
    notices: list[tuple[int, Notice]]

    def note(self, row: int, notice: Notice | None) -> None:
        """Add a notice, if it is one."""
        if notice is not None:
            self.notices.append((row, notice))


class Emission:
    """Makes the records of predictions."""

    def __init__(self, state: PipelineState) -> None:
        self.state = state
        self.config = state.config
        self.grid = state.grid
        self.bank = state.bank
        self.capacity = state.capacity
        self.failures = state.failures
        self.marks = NO_MARKS

    def due(self, slots: Ints, step: Ints) -> Due:
        """The rows that begin a new emission interval, with the forecasts; notes it as begun.

        For those that look at forecasts too, these are at hand.
        """
        epoch, last = step // self.config.emit_every_steps, self.grid["emit_epoch"][slots]
        places = np.flatnonzero((epoch != last) & (self.bank.arrays["count"][slots] >= SAMPLES_MIN))
        epoch, last = epoch[places], last[places]
        self.grid["emit_epoch"][slots[places]] = epoch
        quantiles = self.bank.forecast(slots[places], step[places], self.bank.horizons.anchors)
        self.state.paths.hold(slots[places], quantiles)
        return Due(places, epoch // QUALITY_INTERVALS != last // QUALITY_INTERVALS, quantiles)

    def emit(self, rows: Rows, step: Ints, due: Due) -> Emitted:
        """All predictions for series that have just learned these rows, which are due; of some their quality, too."""
        step_ms = self.grid["step_ms"][rows.slot]
        origin_ms = step * step_ms
        expires_at_ms = origin_ms + self._valid_ms(step_ms, 1)
        subjects = subjects_of(self.state, rows.slot, rows.timestamp_ms, origin_ms, expires_at_ms)
        emitted = Emitted([], {}, [])
        emitted.records.extend(self._forecasts(rows.slot, step, due, subjects))
        self._capacity(rows.slot, subjects, emitted)
        self._failures(rows, subjects, due, emitted)
        return emitted

    def _valid_ms(self, step_ms: IntOrInts, intervals: int) -> IntOrInts:
        """How soon a second record should come of a kind that comes every so many emission intervals."""
        return step_ms * (INTERVALS_VALID * intervals * self.config.emit_every_steps)

    def _forecasts(self, slots: Ints, step: Ints, due: Due, subjects: list[Subject]) -> Iterator[OutputRecord]:
        anchors = self.bank.horizons.anchors
        # Single precision is more than a forecast has, and half the digits on the wire.
        quantiles = due.quantiles.astype(np.float32)
        scored = self.bank.arrays["error_count"][slots, 0].tolist()
        quality, age_steps = self.bank.quality(slots), step - self.bank.arrays["last_step"][slots]
        standings = judge(quality, quantiles, age_steps)
        self.marks = self.marks + marks_of(standings)
        topic, levels = self.config.forecasts_topic, self.bank.levels
        for subject, of_series, origins, standing in zip(subjects, quantiles, scored, standings, strict=True):
            yield forecast_record(topic, subject, self.config.model, anchors, levels, of_series, origins, standing)
        for place in np.flatnonzero(due.with_quality).tolist():
            yield self._quality(subjects[place], standings[place], quality, place)

    def _quality(self, subject: Subject, standing: Standing, quality: Quality, place: int) -> OutputRecord:
        topic, anchors = self.config.quality_topic, self.bank.horizons.anchors
        expires_at_ms = self._quality_expiry_ms(subject)
        return quality_record(topic, subject, self.config.model, anchors, standing, quality, place, expires_at_ms)

    def _quality_expiry_ms(self, subject: Subject) -> int:
        return subject.origin_ms + self._valid_ms(subject.step_ms, QUALITY_INTERVALS)

    def _capacity(self, slots: Ints, subjects: list[Subject], emitted: Emitted) -> None:
        topic = self.config.capacity_topic
        for rule, places, limits, predicted in self.capacity.predict(slots):
            for place, (row, limit) in enumerate(zip(places.tolist(), limits.tolist(), strict=True)):
                if isnan(limit):
                    detail = f"capacity rule {rule.name!r}: {why_unknown(rule.limit)}"
                    emitted.limits_unknown.setdefault(row, []).append(detail)
                elif predicted.ready[place]:
                    record = capacity_record(topic, subjects[row], self.config.model, rule, limit, predicted, place)
                    emitted.records.append(record)
                    emitted.note(row, capacity_notice(subjects[row], rule, predicted, place))

    def _failures(self, rows: Rows, subjects: list[Subject], due: Due, emitted: Emitted) -> None:
        config, every_ms = self.config, self.config.emit_every_steps * self.grid["step_ms"][rows.slot]
        for rule, places, predicted in self.failures.publish(rows.slot, rows.timestamp_ms, every_ms):
            for place, row in enumerate(places.tolist()):
                subject = subjects[row]
                emitted.records.append(
                    failure_record(config.failures_topic, subject, config.model, rule, predicted, place)
                )
                emitted.note(row, failure_notice(subject, rule, predicted, place))
                if due.with_quality[row]:
                    topic, expires_at_ms = config.quality_topic, self._quality_expiry_ms(subject)
                    emitted.records.append(
                        failure_quality_record(topic, subject, config.model, rule, predicted, place, expires_at_ms)
                    )
