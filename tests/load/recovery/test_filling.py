"""Filled pipelines are what they pretend to be: series that have seen all those samples."""

import numpy as np
import pytest

from load.recovery.filling import filled, trained
from load.recovery.fleet import PATTERNS, hosts_of, messages, values_at
from load.recovery.plan import EMIT_EVERY_STEPS, LAST_STEP, SERIES_PER_HOST, Plan
from load.recovery.witness import differing, expected
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord
from streams.settings.model import Settings

PLAN = Plan(hosts=8, partitions=1, replay_steps=2, checkpoints=1, train_days=1)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings.model_validate(PLAN.document("localhost:9092"))


@pytest.fixture(scope="module")
def source(settings: Settings) -> PartitionPipeline:
    return trained(PLAN, PipelineConfig.from_settings(settings))


def steps(settings: Settings, *numbers: int) -> list[list[InputRecord]]:
    """The samples of all hosts at some steps, as ingest writes them."""
    ingest, [hosts] = Ingest(settings), hosts_of(PLAN)
    return [
        [
            InputRecord(number, output.value)
            for output in ingest.step(PLAN.telemetry_topic, 0, list(messages(hosts, number)))
        ]
        for number in numbers
    ]


def test_a_filled_series_goes_on_like_the_one_it_was_copied_from(settings: Settings, source: PartitionPipeline) -> None:
    first, second = steps(settings, PLAN.filled_step, PLAN.filled_step + 1)
    pipeline = filled(source.config, 0, first, source)
    taken = pipeline.state.taken()
    assert len(taken) == PLAN.series > PATTERNS
    assert not pipeline.state.admission.young
    np.testing.assert_array_equal(pipeline.state.grid["group"][taken], taken)
    pipeline.step(second)
    assert not pipeline.rejects, "the next samples are in time and on the grid"

    slots = np.arange(PATTERNS)
    source_again = PartitionPipeline(source.config)
    source_again.load(source.dump())
    source_again.state.bank.update(slots, np.full(PATTERNS, PLAN.filled_step + 1), values_at(PLAN.filled_step + 1))
    for name, array in pipeline.state.bank.arrays.items():
        np.testing.assert_array_equal(array[taken], source_again.state.bank.arrays[name][taken % PATTERNS], name)


def test_a_filled_pipeline_survives_its_checkpoint(settings: Settings, source: PartitionPipeline) -> None:
    [first] = steps(settings, PLAN.filled_step)
    sections = filled(source.config, 0, first, source).dump()
    again = PartitionPipeline(source.config)
    again.load(sections)
    assert again.dump() == sections


def test_every_series_is_forecast_at_the_last_step_and_at_no_other(
    settings: Settings, source: PartitionPipeline
) -> None:
    assert LAST_STEP % EMIT_EVERY_STEPS == 0
    witnesses = expected(PLAN, settings, source)
    assert len(witnesses) == len({each.key for each in witnesses}) == PLAN.hosts * SERIES_PER_HOST


def test_a_prediction_that_differs_is_named(settings: Settings, source: PartitionPipeline) -> None:
    first, *rest = expected(PLAN, settings, source)
    assert first.value is not None
    assert differing([first, *rest], [first._replace(value=first.value + " "), *rest]) == [first.key]
    assert differing([first, *rest], [*rest, first]) == []
