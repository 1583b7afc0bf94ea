"""All that a pipeline knows is in its sections: whatever attribute one adds, a checkpoint holds it, or this fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from streams.pipeline.config import PipelineConfig
from streams.pipeline.names import SharedNames
from streams.pipeline.partition import PartitionPipeline
from streams.pipeline.signal_names import NOBODY, SignalNames
from tests.streams.attributes import Views, differences
from tests.streams.pipeline.fleet import fleet_log, fleet_settings
from tests.streams.pipeline.logs import fed, records

CONFIG = PipelineConfig.from_settings(fleet_settings())
SEEDS = range(3)
STEPS_BETWEEN = 20

NOT_IN_A_CHECKPOINT = {
    "Emission.marks": "counts for those who watch, from the process's start on",
    "Housing.evicted": "counts for those who watch, from the process's start on",
    "Sources.repeated": "counts for those who watch, from the process's start on",
    "Spans._scopes": "answers that were asked for before: they follow from names",
    "Paths._held": "forecasts at hand for the wave that is being learned; others are made when they are asked for",
    "Paths._quantiles": "forecasts at hand for the wave that is being learned; others are made when they are asked for",
    "Aggregator._closes_first_ms": "no step closes before it: it spares a look, and 0 asks for one",
}


def held(names: SharedNames[Any]) -> dict[Any, int]:
    """How many hold each name; which number it has is nobody's business."""
    return {name: names._holders[names._numbers[name]] for name in names._numbers}


def names_of(of: SignalNames, numbers: Any, names: SharedNames[Any]) -> list[Any]:
    slots = range(len(of._catalog.entries))
    return [None if numbers[slot] == NOBODY else names.name(int(numbers[slot])) for slot in slots]


VIEWS: Views = {
    **dict.fromkeys(NOT_IN_A_CHECKPOINT, lambda _: None),
    "SharedNames": held,
    "SignalNames._entity": lambda names: names_of(names, names._entity, names._entities),
    "SignalNames._metric": lambda names: names_of(names, names._metric, names._metrics),
    # In the order that batches don't change, which they are flushed in.
    "SignalTracker._deviations": lambda tracker: [column.tolist() for column in tracker._waiting()],
    "SignalTracker._notices": lambda tracker: sorted(tracker._notices),
    # Heaps: the same numbers come out of them in the same order.
    "Catalog._free": lambda catalog: sorted(catalog._free),
    "Pairs._free": lambda pairs: sorted(pairs._free),
    "Members._free": lambda members: sorted(members._free),
}


def loaded(pipeline: PartitionPipeline) -> PartitionPipeline:
    after = PartitionPipeline(CONFIG)
    after.load(pipeline.dump())
    return after


@cache
def runs() -> list[tuple[set[str], set[str]]]:
    """In what a pipeline that is loaded now and then differs from one that never is: in views, and in anything."""

    def run(seed: int) -> Iterator[tuple[set[str], set[str]]]:
        undisturbed, restarted = PartitionPipeline(CONFIG), PartitionPipeline(CONFIG)
        inputs = records(fleet_log(seed), cuts=range(0, 400, 5))
        for start in range(0, len(inputs), STEPS_BETWEEN):
            part = inputs[start : start + STEPS_BETWEEN]
            assert restarted.step(part) == undisturbed.step(part)
            restarted = loaded(restarted)
            yield differences(undisturbed, restarted, VIEWS), differences(undisturbed, restarted, {})

    return [each for seed in SEEDS for each in run(seed)]


def test_what_is_loaded_is_all_that_was_there() -> None:
    assert set().union(*[in_views for in_views, _ in runs()]) == set()


def test_whatever_is_left_out_had_something_to_lose() -> None:
    """An entry that is needed no more would hide an attribute of that name."""
    assert NOT_IN_A_CHECKPOINT.keys() <= set().union(*[in_anything for _, in_anything in runs()])


@dataclass(slots=True)
class Remembered:
    counts: dict[str, list[float]]


@pytest.mark.parametrize("part", ["state", "desk", "_housing", "_emission"])
def test_an_attribute_that_nobody_dumps_is_found(part: str) -> None:
    pipeline = PartitionPipeline(CONFIG)
    fed(pipeline, records(fleet_log(0))[:20], [])
    holder = getattr(pipeline, part)
    holder.remembered = Remembered({"a": [1.0]})
    assert differences(pipeline, loaded(pipeline), VIEWS) == {f"{type(holder).__name__}.remembered"}


def test_a_slot_that_is_not_loaded_is_found() -> None:
    pipeline = PartitionPipeline(CONFIG)
    fed(pipeline, records(fleet_log(0))[:20], [])
    after = loaded(pipeline)
    after.state.bank.arrays["count"][0] += 1
    assert differences(pipeline, after, VIEWS) == {"ForecastBank.arrays"}
