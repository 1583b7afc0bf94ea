"""Pipelines full of series that know their seasons: a few are trained, sample by sample, the others take copies.

Weeks of samples of a hundred thousand series would take hours to learn. So a pipeline gets its series by one step of
real samples, which fills the catalogue and the grid, and then each series' rows of grid and bank are overwritten with
those of a trained one that saw a sample of the same time and value. What follows is in time, and on the grid.
"""

from collections.abc import Sequence

import numpy as np

from load.recovery.fleet import PATTERNS, pattern_of, values_at
from load.recovery.plan import DAY_STEPS, ENTITY_LABEL, STEP_MS, Plan
from streams.blocks import SampleBlock
from streams.pipeline import grid as grids
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord
from streams.series import SeriesKey, labels_text, series_name

OWN_FIELDS = {"group"}
"""Of the grid: what a series does not take from another."""


def trained(plan: Plan, config: PipelineConfig) -> PartitionPipeline:
    """A pipeline with one series of each pattern, which has learned up to the step of the filling."""
    labels = [((ENTITY_LABEL, f"trained-{number}"),) for number in range(PATTERNS)]
    names, entities = [series_name(SeriesKey("metric", each)) for each in labels], list(map(labels_text, labels))
    places = np.arange(PATTERNS)
    pipeline = PartitionPipeline(config)
    for step in range(plan.filled_step - plan.train_days * DAY_STEPS + 1, plan.filled_step + 1):
        offset, at_ms = np.full(PATTERNS, step), np.full(PATTERNS, step * STEP_MS)
        block = SampleBlock(
            plan.telemetry_topic, 0, None, names, entities, places, offset, places, at_ms, values_at(step)
        )
        pipeline.step_blocks([block])
    return pipeline


def filled(
    config: PipelineConfig, partition: int, records: Sequence[InputRecord], source: PartitionPipeline
) -> PartitionPipeline:
    """A pipeline whose series are those of the records, all of one step, and know what those of `source` know."""
    pipeline = PartitionPipeline(config, partition)
    pipeline.step(records)
    state = pipeline.state
    slots = state.taken()
    patterns = pattern_of(slots)
    for field in state.bank.layout:
        state.bank.arrays[field.name][slots] = source.state.bank.arrays[field.name][patterns]
    for field in grids.LAYOUT:
        if field.name not in OWN_FIELDS:
            state.grid[field.name][slots] = source.state.grid[field.name][patterns]
    state.samples_accepted = int(state.grid["accepted"][slots].sum())
    # They are young no more.
    state.admission.young.clear()
    return pipeline
