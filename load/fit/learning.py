"""What the worker's own pipeline makes of samples: the courses it learns from, and the record of its experts."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from load.backtest.cuts import pieces
from load.backtest.feed import Feed
from load.backtest.run import NEVER_STEPS
from load.recordings.table import SampleTable
from models.arrays import Floats, Ints
from models.fit.course import Course
from models.fit.ratios import loss_ratios
from models.forecast.params import Params
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.pipeline.rows import Rows
from streams.settings.model import Settings


class Learned(NamedTuple):
    """Of each series the samples that were learned, a counter's as rates; each expert's error beside the others'.

    `metrics` has those of the series, and `local_ms` the local times at which the steps of each course begin.
    """

    courses: list[Course]
    metrics: list[str]
    local_ms: list[Ints]
    loss_ratio: dict[str, float]


def learn(table: SampleTable, settings: Settings, params: Params) -> Learned:
    """Take samples through a pipeline with these parameters."""
    config = replace(PipelineConfig.from_settings(settings), params=params, emit_every_steps=NEVER_STEPS)
    feed, notes = Feed(settings), _Notes()
    pipeline = PartitionPipeline(config, on_learned=notes.take)
    for piece in pieces(table, np.empty(0, np.int64), settings.sources[0]):
        pipeline.step_blocks([feed.take(piece).block])
    bank = pipeline.state.bank
    losses = bank.arrays["loss_sum"].astype(np.float64), bank.arrays["loss_count"].astype(np.float64)
    slots, courses = notes.courses(pipeline.state.grid["step_ms"])
    return Learned(
        courses=courses,
        metrics=[pipeline.state.catalog.entry(slot).key.metric for slot in slots],
        local_ms=[_local_ms(pipeline, slot, course) for slot, course in zip(slots, courses, strict=True)],
        loss_ratio=loss_ratios(*losses, bank.expert_names),
    )


class _Notes:
    """Writes down what is learned."""

    def __init__(self) -> None:
        self._slot: list[Ints] = []
        self._timestamp_ms: list[Ints] = []
        self._value: list[Floats] = []

    def take(self, rows: Rows, value: Floats, _scored: object) -> None:
        """Samples of different series; called by the pipeline."""
        self._slot.append(rows.slot)
        self._timestamp_ms.append(rows.timestamp_ms)
        self._value.append(value)

    def courses(self, step_ms: Ints) -> tuple[list[int], list[Course]]:
        """The slots that learned, ascending, and the course of each."""
        if not self._slot:
            return [], []
        slot = np.concatenate(self._slot)
        order = np.argsort(slot, kind="stable")
        slot, value = slot[order], np.concatenate(self._value)[order]
        step = np.concatenate(self._timestamp_ms)[order] // step_ms[slot]
        starts = np.flatnonzero(np.diff(slot)) + 1
        parts = zip(np.split(slot, starts), np.split(step, starts), np.split(value, starts), strict=True)
        courses = [_course(int(step_ms[of[0]]), steps, values) for of, steps, values in parts]
        return np.unique(slot).tolist(), courses


def _course(step_ms: int, step: Ints, value: Floats) -> Course:
    values = np.full(step[-1] - step[0] + 1, np.nan)
    values[step - step[0]] = value
    return Course(step_ms, int(step[0]), values)


def _local_ms(pipeline: PartitionPipeline, slot: int, course: Course) -> Ints:
    begins_ms = (course.first_step + np.arange(len(course.values))) * course.step_ms
    zone = pipeline.state.grid["zone"][slot : slot + 1].astype(np.int64)
    return pipeline.config.clocks.local_ms(zone, begins_ms)
