"""The same log gives the same bytes: however it is read, however its rows were cut into blocks, wherever it stopped."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from models.forecast.params import DEFAULTS
from streams.events import EventRecord
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from tests.streams.pipeline.fleet import METERED, fleet_log, fleet_settings
from tests.streams.pipeline.logs import (
    Log,
    Row,
    Tick,
    by_key,
    fed,
    pipeline,
    predictions,
    records,
    rejects,
    rows,
    said,
    state,
    tick,
)

CONFIG = PipelineConfig.from_settings(fleet_settings())
DAY = (0.0,) * 12 + (2.0,) * 12
SHAPED = replace(
    CONFIG, params=DEFAULTS._replace(shapes={"cpu": DAY, "mem": DAY[::-1], "requests_total_inferred": DAY})
)

seeds = st.integers(0, 2**32)
# A seed tells nothing when it is made smaller.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
some = settings(max_examples=15, deadline=None, phases=PHASES)
few = settings(max_examples=5, deadline=None, phases=PHASES)


@some
@given(seeds, st.lists(st.integers(1, 9), max_size=30))
def test_the_size_of_steps_makes_no_difference(seed: int, sizes: list[int]) -> None:
    inputs = records(fleet_log(seed))
    at_once, in_steps = PartitionPipeline(CONFIG), PartitionPipeline(CONFIG)
    assert by_key(fed(at_once, inputs, [])) == by_key(fed(in_steps, inputs, sizes))
    assert at_once.dump() == in_steps.dump()


@some
@given(seeds, seeds, st.floats(0, 1))
def test_the_cuts_between_blocks_make_no_difference(seed: int, cut_seed: int, share: float) -> None:
    log, random = fleet_log(seed), Random(cut_seed)
    whole, cut = PartitionPipeline(CONFIG), PartitionPipeline(CONFIG)
    cuts = {place for place in range(len(log)) if random.random() < share}
    assert by_key(fed(whole, records(log), [])) == by_key(fed(cut, records(log, cuts), [1] * random.randrange(40)))
    assert state(whole) == state(cut)


@few
@given(seeds)
def test_a_state_put_back_at_any_step_goes_on_as_if_nothing_had_happened(seed: int) -> None:
    inputs = records(fleet_log(seed, rounds=25), cuts=range(0, 400, 5))
    undisturbed, crashing = PartitionPipeline(CONFIG), PartitionPipeline(CONFIG)
    expected, got = [], []
    for place in range(len(inputs)):
        expected += undisturbed.step(inputs[place : place + 1])
        got += crashing.step(inputs[place : place + 1])
        dump, crashing = crashing.dump(), PartitionPipeline(CONFIG)
        crashing.load(dump)
        assert crashing.dump() == dump == undisturbed.dump()
        assert crashing.next_offset == place + 1
    assert got == expected


@few
@given(seeds, seeds)
def test_shapes_of_a_fleet_make_no_difference_to_that(seed: int, cut_seed: int) -> None:
    log, random = fleet_log(seed), Random(cut_seed)
    cuts = {place for place in range(len(log)) if random.random() < 0.5}
    whole, cut = PartitionPipeline(SHAPED), PartitionPipeline(SHAPED)
    expected = by_key(fed(whole, records(log), []))
    inputs = records(log, cuts)
    half = random.randrange(len(inputs))
    got = fed(cut, inputs[:half], [1] * random.randrange(40))
    again = PartitionPipeline(SHAPED)
    again.load(cut.dump())
    assert by_key([*got, *fed(again, inputs[half:], [1] * random.randrange(40))]) == expected
    assert state(again) == state(whole)
    numbers = whole.state.bank.arrays["shape_number"]
    taken = whole.state.catalog.slots.items()
    assert {name.partition("{")[0] for name, slot in taken if numbers[slot]} <= {
        "cpu",
        "mem",
        "requests_total_inferred",
    }


def test_the_logs_have_what_they_should_have() -> None:
    """If this fails the tests above prove less than they say."""
    reasons: Counter[str] = Counter()
    topics: Counter[str] = Counter()
    of_entities: Counter[str] = Counter()
    tombstones = excluded = suppressed = 0
    for seed in range(8):
        log = fleet_log(seed)
        outputs = fed(PartitionPipeline(CONFIG), records(log), [])
        excluded += samples_learned([item for item in log if not isinstance(item, EventRecord)]) - samples_learned(log)
        reasons.update([reason for _, reason in rejects(outputs)])
        topics.update([output.topic for output in outputs])
        of_entities.update([each["kind"] for each in said(outputs, "foreshock.failures") if each and "entity" in each])
        tombstones += sum([output.value is None for output in outputs])
        suppressed += sum([b'"suppressed":true' in (output.value or b"") for output in outputs])
    assert set(reasons) == {"late", "same_step", "jump_ahead", "bank_full", "limit_unknown"}
    assert min(topics.values()) > 40
    kinds = ("forecasts", "quality", "capacity", "failures", "rejects", "signals")
    assert set(topics) == {f"foreshock.{kind}" for kind in kinds}
    assert min(of_entities[kind] for kind in ("hazard", "objective")) > 20
    assert tombstones > 20
    assert excluded > 150
    assert suppressed > 200


def samples_learned(log: Log) -> int:
    scores: list[int] = []
    fed(PartitionPipeline(CONFIG, on_learned=lambda rows, *_: scores.append(len(rows))), records(log), [])
    return sum(scores)


def test_a_limit_that_a_newcomer_makes_ambiguous_holds_for_what_came_before() -> None:
    rule = {"name": "memory", "metric": "mem", "limit": {"metric": "size"}}
    used = [('mem{device="x",host="a"}', minute, 50.0) for minute in range(7)]
    log = rows(
        [('size{host="a"}', 0, 100.0), *used, ('size{device="x"}', 7, 1.0), ('size{device="x",host="a"}', 7, 9.0)]
    )
    at_once, in_steps = pipeline(capacity=[rule]), pipeline(capacity=[rule])
    expected = fed(in_steps, records(log, cuts=range(len(log))), [1] * len(log))
    assert fed(at_once, records(log), []) == expected
    assert rejects(expected) == []


def test_aggregated_rows_before_a_tick_are_judged_by_the_time_before_it() -> None:
    source = {"topic": "telemetry", "step": "1m", "entity": ["host"], "aggregate": "sum"}
    log: Log = [tick(0), *rows([("cpu", 1, 1.0), ("cpu", 2, 2.0)]), tick(10)]
    for cuts in ((), range(len(log))):
        aggregated = pipeline(sources=[source])
        assert rejects(fed(aggregated, records(log, cuts), [1] if cuts else [])) == []
        assert aggregated.samples_accepted == 2


def test_steps_closed_by_one_tick_are_learned_as_if_by_many() -> None:
    """`mem` misses minute 2; its minute 3 must meet the limit of minute 3, in whatever turn that is closed."""
    source = {"topic": "telemetry", "step": "1m", "entity": ["host"], "aggregate": "last"}
    rule = {"name": "memory", "metric": "mem", "limit": {"metric": "size"}}
    sections = {"sources": [source], "capacity": [rule], "forecast": {"horizon": 4, "emit_every": 1}}
    used = rows([("mem", 30 * hour, 50.0 + hour) for hour in range(12) if hour != 6])
    sizes = rows([("size", 30 * hour, 100.0 + hour) for hour in range(12)], first_offset=20)
    ticks = [tick(30 * hour + 1) for hour in range(12)]
    one, many = pipeline(**sections), pipeline(**sections)
    at_last: Log = [*used, *sizes, ticks[-1]]
    one_by_one: Log = [*used, *sizes, *ticks]
    outputs = predictions(fed(one, records(at_last), []))
    assert by_key(outputs) == by_key(predictions(fed(many, records(one_by_one), [1] * 5)))
    limits = [orjson.loads(output.value or b"")["limit"] for output in outputs if output.topic == "foreshock.capacity"]
    assert limits[-1] == 111.0
    assert without_signals(state(one)) == without_signals(state(many))


def without_signals(dump: dict[str, Any]) -> dict[str, Any]:
    """What waits for the next tick depends on the ticks."""
    head = {name: value for name, value in dump["head"].items() if name != "signals"}
    return {name: value for name, value in dump.items() if not name.startswith("told/")} | {"head": head}


@pytest.mark.parametrize("kind", ["value", "series"])
def test_a_record_that_is_no_block_is_rejected_and_passed_over(kind: str) -> None:
    (good,) = records(rows([("cpu", 0, 1.0)]))
    bad = b"{}" if kind == "value" else (good.value or b"").replace(b'"cpu"', b'"cpu{x}"')
    plain = pipeline()
    outputs = plain.step([good._replace(offset=5, value=bad), good._replace(offset=6, value=None)])
    ((_, reason),) = rejects(outputs)
    assert reason == {"value": "malformed", "series": "bad_name"}[kind]
    assert outputs[0].key == {"value": b"foreshock.samples/0/5/-1", "series": b"telemetry/0/0/0"}[kind]
    assert (plain.next_offset, plain.samples_accepted) == (7, 0)


@some
@given(seeds, st.sampled_from("ab"))
def test_an_entity_s_records_follow_from_its_own_rows(seed: int, host: str) -> None:
    """And from events. Save in aggregated sources, whose steps others' ticks close too, and where a bank is full."""
    config = PipelineConfig.from_settings(fleet_settings(limits={"jump_steps": 20}))
    log = [item for item in fleet_log(seed) if not isinstance(item, Row | Tick) or item.source != METERED]
    name = f'host="{host}"'
    alone = [item for item in log if isinstance(item, EventRecord) or (isinstance(item, Row) and name in item.series)]
    among_others = predictions(fed(PartitionPipeline(config), records(log), []))
    got = by_key([record for record in among_others if name.encode() in (record.value or b"").replace(b"\\", b"")])
    assert got == by_key(predictions(fed(PartitionPipeline(config), records(alone), [])))
