"""The state as sections: small enough for a record, and readable under other settings where that can be."""

from typing import Any

import orjson
import pytest

from models.forecast.params import DEFAULTS
from streams.checkpoint import StateMismatchError
from streams.frames import SECTION_BYTES_MAX
from streams.pipeline.pairs import Pair
from streams.pipeline.partition import PartitionPipeline
from streams.settings.params_file import ParamsFile
from streams.settings.params_text import named_params
from tests.streams.pipeline.logs import pipeline, rows, run

CPU = {"name": "cpu", "metric": "cpu", "limit": {"value": 90}}
HOT = {"name": "hot", "metric": "cpu", "above": 9, "for": "1m", "within": "1h"}
SAMPLES = rows([(name, 30 * minute, minute + 0.5) for minute in range(9) for name in ("cpu", "mem")])


SHAPE = (0.5,) * 12 + (1.5,) * 12


def shaped(*metrics: str) -> dict[str, Any]:
    """The section `forecast`, with shapes of these metrics."""
    params = named_params(DEFAULTS.gains, DEFAULTS.loss_ratio, dict.fromkeys(metrics, SHAPE))
    return {"horizon": 4, "emit_every": 3, "params": ParamsFile("fleet.json", params)}


def learned(**sections: Any) -> PartitionPipeline:
    of_samples = pipeline(**sections)
    run(of_samples, SAMPLES)
    return of_samples


def continued(before: PartitionPipeline, **sections: Any) -> PartitionPipeline:
    after = pipeline(**sections)
    after.load(before.dump())
    return after


def test_names_of_sections() -> None:
    assert sorted(learned(capacity=[CPU], failures=[HOT]).dump()) == [
        "anomaly/00000",
        "capacity-pairs/00000",
        "capacity/00000",
        "failures-pairs/00000",
        "failures/00000",
        "forecast/00000",
        "grid/00000",
        "head",
        "series/00000",
        "signals/00000",
        "told/00000",
    ]


def test_an_empty_pipeline_comes_back_empty() -> None:
    assert continued(pipeline()).dump() == pipeline().dump()


def test_what_was_learned_under_a_changed_rule_is_dropped_and_all_else_is_kept() -> None:
    memory = CPU | {"name": "memory", "metric": "mem"}
    before = learned(capacity=[CPU, memory], failures=[HOT])
    after = continued(before, capacity=[CPU | {"limit": {"value": 80}}, memory], failures=[HOT])
    changed, kept = after.state.capacity.pairs.number(Pair(0, 0)), after.state.capacity.pairs.number(Pair(1, 1))
    seen = after.state.capacity.bank.arrays["last_ms"]
    assert seen[changed] == -1
    assert seen[kept] == SAMPLES[-1].timestamp_ms
    unchanged = {name: section for name, section in before.dump().items() if "capacity" not in name}
    assert unchanged.items() <= after.dump().items()


def test_rules_may_come_go_and_change_places() -> None:
    memory = CPU | {"name": "memory", "metric": "mem"}
    before = learned(capacity=[CPU, memory])
    turned = continued(before, capacity=[memory, CPU])
    assert turned.state.capacity.pairs.pairs == [Pair(0, 1), Pair(1, 0)]
    assert turned.dump()["capacity/00000"] == before.dump()["capacity/00000"]
    gone = continued(before, capacity=[memory])
    assert gone.state.capacity.pairs.pairs == [None, Pair(1, 0)]
    come = continued(gone, capacity=[memory, CPU])
    assert come.state.capacity.pairs.pairs == [Pair(0, 1), Pair(1, 0)]
    assert come.state.capacity.bank.arrays["last_ms"][:2].tolist() == [-1, SAMPLES[-1].timestamp_ms]
    assert run(come, rows([("cpu", 400, 1.0), ("mem", 400, 1.0)], first_offset=100))


def test_a_failure_rule_that_is_new_begins_with_its_own_threshold() -> None:
    after = continued(learned(failures=[HOT]), failures=[HOT | {"above": 70}])
    assert after.state.failures.bank.arrays["threshold"][0] == 70
    assert not after.state.failures.bank.arrays["looks_settled"][0].any()


def test_another_horizon_is_refused_with_what_to_do() -> None:
    with pytest.raises(
        StateMismatchError, match=r"horizon of 4 steps.*ask for 9.*set forecast.horizon back"
    ) as refused:
        continued(learned(), forecast={"horizon": 9, "emit_every": 3})
    assert "topics.prefix" in str(refused.value)


def test_quantiles_and_intervals_may_change() -> None:
    after = continued(learned(), forecast={"horizon": 4, "emit_every": 7, "quantiles": [0.5]})
    assert after.dump()["forecast/00000"] == learned().dump()["forecast/00000"]


def test_a_series_has_the_time_zone_that_the_settings_give_its_source_now() -> None:
    berlin, tokyo = [{"topic": "telemetry", "step": "1m", "timezone": zone} for zone in ("Europe/Berlin", "Asia/Tokyo")]
    before = learned(sources=[berlin, tokyo | {"topic": "other"}])
    assert before.state.grid["zone"][:3].tolist() == [2, 2, 0]
    after = continued(before, sources=[berlin])
    assert after.state.grid["zone"][:3].tolist() == [1, 1, 0]
    without = continued(after, sources=[berlin | {"topic": "new"}])
    assert without.state.grid["zone"][:3].tolist() == [0, 0, 0]


def test_shapes_that_come_or_go_are_refused_with_what_to_do() -> None:
    with pytest.raises(
        StateMismatchError, match=r"it alone has none; it lacks fleet_shape.*forecast.params, back"
    ) as e:
        continued(learned(), forecast=shaped("cpu"))
    assert "topics.prefix" in str(e.value)
    with pytest.raises(StateMismatchError, match=r"it alone has fleet_shape; it lacks none"):
        continued(learned(forecast=shaped("cpu")), forecast=shaped())
    with pytest.raises(StateMismatchError, match=r"it alone has fleet_shape; it lacks calendar"):
        continued(learned(forecast=shaped("cpu")), calendar=[{"name": "end", "last_days_of_month": 1}])


def test_a_series_has_the_shape_that_the_parameters_give_its_metric_now() -> None:
    before = learned(forecast=shaped("mem", "zzz"))
    assert before.state.bank.arrays["shape_number"][:2].tolist() == [0, 1]
    after = continued(before, forecast=shaped("cpu", "mem"))
    assert after.state.bank.arrays["shape_number"][:2].tolist() == [1, 2]
    assert run(after, rows([("cpu", 400, 1.0), ("mem", 400, 1.0)], first_offset=100))


def test_another_format_is_refused() -> None:
    sections = learned().dump()
    head = orjson.loads(sections["head"]) | {"v": 99}
    with pytest.raises(StateMismatchError, match="has format 99, this version reads 7"):
        pipeline().load(sections | {"head": orjson.dumps(head)})


def test_a_smaller_bank_keeps_what_is_in_it_and_takes_nobody() -> None:
    after = continued(learned(), limits={"series_per_partition": 1})
    assert sorted(after.state.catalog.slots) == ["cpu", "mem"]
    run(after, rows([("new", 1, 1.0), ("cpu", 300, 1.0)], first_offset=100))
    assert sorted(after.state.catalog.slots) == ["cpu", "mem"]


def test_no_section_is_too_large_for_a_record() -> None:
    """Long names, and more open steps than a record holds."""
    long = 'x{host="a",text="' + 60_000 * "é" + '%d"}'
    source = {"topic": "telemetry", "step": "1m", "entity": ["host"], "aggregate": "mean", "lateness_steps": 1000}
    many = pipeline(sources=[source], limits={"name_bytes": 65_536, "jump_steps": 100_000})
    run(many, rows([*[(long % number, 0, 1.0) for number in range(20)], *[("cpu", n, 1.0) for n in range(16_000)]]))
    sections = many.dump()
    assert max(map(len, sections.values())) <= SECTION_BYTES_MAX
    assert {"series/00001", "open/00001"} <= set(sections)
    assert continued(many, sources=[source], limits={"name_bytes": 65_536, "jump_steps": 100_000}).dump() == sections


def test_many_series_take_several_sections() -> None:
    many = pipeline(capacity=[CPU | {"metric": "*"}], failures=[HOT | {"metric": "*"}])
    run(many, rows([(f"m{number}", 0, float(number)) for number in range(1200)]))
    sections = many.dump()
    assert max(map(len, sections.values())) <= SECTION_BYTES_MAX
    assert {"forecast/00001", "capacity/00001", "failures/00001"} <= set(sections)
    assert continued(many, capacity=[CPU | {"metric": "*"}], failures=[HOT | {"metric": "*"}]).dump() == sections
